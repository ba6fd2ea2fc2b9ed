import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { CountBatch, openLedger, type Ledger } from '../../../src/sources/index.js';
import { at, noonMs } from './conformance/scene.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

type WritingProcess = ChildProcessByStdio<null, Readable, null>;

const script = fileURLToPath(new URL('writing-process.ts', import.meta.url));

function startWriting(folder: string, task: string): WritingProcess {
  return spawn(process.execPath, ['--import', 'tsx', script, folder, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The coverage of a process that is killed would only spoil that of the others.
    env: { ...process.env, NODE_V8_COVERAGE: '' },
  });
}

/** Resolves with everything that was said once `word` was, or when the process ends. */
async function said(child: WritingProcess, word: string): Promise<string> {
  let text = '';
  for await (const piece of child.stdout) {
    text += String(piece);
    if (text.includes(word)) break;
  }
  return text;
}

async function kill(child: WritingProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function requestsIn(ledger: Ledger): Promise<number> {
  const answer = await ledger.observe({
    namespace: 'default',
    model: 'fraud',
    canary: 'v2',
    asOfMs: at(100),
  });
  if (answer.kind !== 'observations') return 0;
  return answer.observations.looks.reduce((sum, look) => sum + (look.canary?.requests ?? 0), 0);
}

describe('durability', () => {
  after(removeTemporaryFolders);

  it('keeps what was answered when the process is killed right after', async () => {
    const folder = await temporaryFolder();
    const child = startWriting(folder, 'one');
    assert.match(await said(child, 'answered'), /answered/);
    await kill(child);

    const ledger = await openLedger(folder);
    assert.equal(await requestsIn(ledger), 7);
    const idempotent = { key: 'k', bodyHash: 'h', answer: 'another' };
    assert.deepEqual(await ledger.record(new CountBatch(), { nowMs: noonMs, idempotent }), {
      kind: 'duplicate',
      answer: 'the first answer',
    });
    await ledger.close();
  });

  it('keeps all of a batch or nothing when the process is killed in the middle', async () => {
    const folder = await temporaryFolder();
    const child = startWriting(folder, 'large');
    const before = await said(child, 'writing');
    await kill(child);
    assert.doesNotMatch(before, /answered/);

    const ledger = await openLedger(folder);
    const requests = await requestsIn(ledger);
    assert.ok(requests === 0 || requests === 60_000, String(requests));
    await ledger.close();
  });

  it('lets two processes write to one ledger', async () => {
    const folder = await temporaryFolder();
    const ledger = await openLedger(folder);
    const child = startWriting(folder, 'many');
    const gone = once(child, 'exit');
    await said(child, 'writing');
    for (let batch = 0; batch < 100; batch++) {
      const one = new CountBatch();
      one.addRequest({
        namespace: 'default',
        model: 'fraud',
        version: 'v2',
        atMs: noonMs,
        failed: false,
        predictions: new Map([['default', 0.5]]),
      });
      await ledger.record(one, { nowMs: noonMs });
    }
    const [status] = (await gone) as [number | null];
    assert.equal(status, 0);
    assert.equal(await requestsIn(ledger), 200);
    await ledger.close();
  });
});
