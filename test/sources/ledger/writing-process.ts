import { setImmediate as nextTurn } from 'node:timers/promises';
import { CountBatch, openLedger } from '../../../src/sources/index.js';
import { noonMs } from './conformance/scene.js';

/**
 * A process that writes to the ledger in a folder and says on its output what it has done. Arguments: the folder,
 * and what to do: `one` batch and then wait to be killed; a `large` batch that is to be interrupted; `many` small
 * batches, one after the other.
 */
const [folder = '', task = ''] = process.argv.slice(2);

function batchOf(requests: number, withIds: boolean): CountBatch {
  const batch = new CountBatch();
  for (let request = 0; request < requests; request++) {
    batch.addRequest({
      namespace: 'default',
      model: 'fraud',
      version: 'v2',
      atMs: noonMs + (request % 60) * 60_000,
      failed: false,
      ...(withIds ? { id: `request-${request}` } : {}),
      predictions: new Map([['default', request / requests]]),
    });
  }
  return batch;
}

const ledger = await openLedger(folder);
switch (task) {
  case 'one':
    await ledger.record(batchOf(7, true), {
      nowMs: noonMs,
      idempotent: { key: 'k', bodyHash: 'h', answer: 'the first answer' },
    });
    process.stdout.write('answered\n');
    break;
  case 'large': {
    const batch = batchOf(60_000, true);
    const recording = ledger.record(batch, { nowMs: noonMs });
    // It is written in hundreds of turns of the event loop: a few turns later it is in the middle.
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    process.stdout.write('writing\n');
    await recording;
    process.stdout.write('answered\n');
    break;
  }
  case 'many':
    process.stdout.write('writing\n');
    for (let batch = 0; batch < 100; batch++) await ledger.record(batchOf(1, false), { nowMs: noonMs });
    await ledger.close();
    process.exit(0);
}
// Waits to be killed.
setInterval(() => undefined, 1000);
