import assert from 'node:assert/strict';
import { judge } from '../../../../src/judge/index.js';
import {
  CountBatch,
  openExport,
  openImport,
  type Ledger,
  type LedgerPlace,
} from '../../../../src/sources/index.js';
import { written } from '../../../support/judging.js';
import { at, noonMs, Scene } from '../conformance/scene.js';

const policy = written({
  guardrails: [
    { name: 'errors', kind: 'error-rate', promoteBelow: '5%', rollbackAbove: '20%' },
    { name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2, output: 'class' },
    { name: 'hits', kind: 'business-proxy', promoteAbove: '-1%', rollbackBelow: '-3%', outcome: 'hit' },
  ],
});

const animals = ['cat', 'dog', 'Äffchen', '__proto__', '𝒵ebra'];

/** Gives a ledger something of everything that there is. */
export async function fill(ledger: Ledger): Promise<void> {
  const scene = new Scene(ledger);
  for (let minute = 0; minute < 6; minute++) {
    await scene.serve(
      animals.flatMap((animal, index) => [
        { version: 'v1', minute, count: 9, latencyMs: 12.5, outputs: { class: animal, score: index / 7 } },
        { version: 'v2', minute, count: 3, failed: 1, outputs: { class: animal }, id: `${minute}-${index}` },
      ]),
    );
    await scene.outcomes([
      { id: `${minute}-1`, minute, name: 'hit', value: 0.1 },
      { id: `${minute}-2`, minute, name: 'hit', value: 0.2 },
      {
        id: `nobody-${minute}`,
        minute,
        name: 'hit',
        value: 1,
        ...(minute % 2 === 0 ? { version: 'v1' } : {}),
      },
      { version: 'v1', minute, name: 'hit', value: 1 / 3 },
    ]);
  }
  await scene.verdict({ id: 'b', verdict: 'rollback', asOf: '2026-01-05T11:00:00Z' }, noonMs, '2');
  await scene.verdict({ id: 'c' }, noonMs + 1);
  await ledger.record(new CountBatch(), {
    nowMs: noonMs,
    idempotent: { key: 'k', bodyHash: 'h', answer: 'the first answer' },
  });
}

/** What a filled ledger answers to everything that can be asked of it. */
export async function answersOf(ledger: Ledger): Promise<unknown> {
  const scene = new Scene(ledger);
  const observations = await scene.observe(7, { stable: 'v1' });
  return {
    observations,
    verdict: judge(policy, observations),
    history: await ledger.history.list({ limit: 100 }),
    series: await ledger.series('default', 'fraud'),
    marker: await ledger.changeMarker('default', 'fraud'),
    unknown: await ledger.observe({ namespace: 'default', model: 'fraud', canary: 'v3', asOfMs: at(7) }),
  };
}

/** Whether a ledger goes on where the one before ended: names and ids are found, new ones are made. */
export async function goOn(ledger: Ledger): Promise<void> {
  const scene = new Scene(ledger);
  const repeated = await ledger.record(new CountBatch(), {
    nowMs: noonMs,
    idempotent: { key: 'k', bodyHash: 'h', answer: 'another' },
  });
  assert.deepEqual(repeated, { kind: 'duplicate', answer: 'the first answer' });
  assert.equal(await scene.outcomes([{ id: '0-0', minute: 3, name: 'hit', value: 1 }]), 0);
  await scene.serve([
    { version: 'v2', minute: 0, id: 'nobody-1' },
    { version: 'v7', minute: 0, model: 'new', outputs: { class: 'owl' } },
    { version: 'v3', minute: 0, outputs: { other: 'owl' } },
  ]);
  await scene.verdict({ id: 'd' }, noonMs + 2);
  await scene.outcomes([{ id: 'later', minute: 3, name: 'miss', value: 1 }]);
  const { records } = await ledger.history.list({ limit: 1 });
  assert.equal(records[0]?.document.id, 'd');
}

/** A ledger as lines. */
export async function exported(place: LedgerPlace): Promise<readonly string[]> {
  const transfer = await openExport(place);
  let text = '';
  try {
    await transfer.export((piece) => {
      text += piece.text;
      return Promise.resolve();
    });
  } finally {
    await transfer.close();
  }
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

/** Fills a ledger with lines; answers how many rows that were. */
export async function imported(place: LedgerPlace, lines: readonly string[]): Promise<number> {
  const transfer = await openImport(place);
  try {
    const { rows } = await transfer.import(given(lines));
    return rows;
  } finally {
    await transfer.close();
  }
}

async function* given(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}
