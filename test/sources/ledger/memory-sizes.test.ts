import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CountBatch, type ServedRequest } from '../../../src/sources/index.js';
import { mapBytes } from '../../../src/sources/ledger/memory-sizes.js';

const noonMs = Date.parse('2026-01-05T12:00:00Z');
const minute = 60_000;

function request(change: Partial<ServedRequest>): ServedRequest {
  const plain = { namespace: 'default', model: 'm', version: 'v1', atMs: noonMs, failed: false };
  return { ...plain, predictions: new Map(), ...change };
}

/** The same text with memory of its own, as every line of a body has it. */
function copy(text: string): string {
  return Buffer.from(text).toString();
}

/** A number of texts or numbers by their position. */
function listOf<T>(count: number, make: (position: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, position) => make(position));
}

/** Bodies that take much memory, each in its own way. */
const bodies: Readonly<Record<string, (batch: CountBatch) => void>> = {
  minutes: (batch) => {
    for (let at = 0; at < 10_000; at++) batch.addRequest(request({ atMs: noonMs - at * minute }));
  },
  latencies: (batch) => {
    for (let at = 0; at < 40_000; at++) {
      batch.addRequest(request({ atMs: noonMs - (at % 2000) * minute, latencyMs: 2 ** (at / 2000) }));
    }
  },
  'outputs with one score': (batch) => {
    for (let at = 0; at < 20_000; at++) {
      batch.addPredictions(
        request({ atMs: noonMs - (at % 400) * minute }),
        `o${Math.floor(at / 400)}`,
        [0.5],
      );
    }
  },
  'scores of every size': (batch) => {
    for (let output = 0; output < 100; output++) {
      const scores = listOf(
        2000,
        (position) => (position % 2 === 0 ? -1 : 1) * 1.021 ** (position / 2 - 300),
      );
      batch.addPredictions(request({}), `o${output}`, scores);
    }
  },
  labels: (batch) => {
    for (let at = 0; at < 500; at++) {
      const labels = listOf(200, (position) => copy(`${'label'.repeat(40)}-${position}`));
      batch.addPredictions(request({ atMs: noonMs - at * minute }), 'class', labels);
    }
  },
  'labels of their own': (batch) => {
    for (let output = 0; output < 50; output++) {
      const labels = listOf(200, (position) => copy(`${'標'.repeat(200)}-${output}-${position}`));
      batch.addPredictions(request({}), `o${output}`, labels);
    }
  },
  outcomes: (batch) => {
    for (let at = 0; at < 40_000; at++) {
      const name = copy(`outcome-number-${at % 50}`);
      const atMs = noonMs - Math.floor(at / 50) * minute;
      batch.addOutcome({ namespace: 'default', model: 'm', version: 'v1', name, atMs, value: at / 7 });
    }
  },
  'ids of predictions': (batch) => {
    for (let id = 0; id < 100_000; id++) batch.addRequest(request({ id: `request-${id}` }));
  },
  'ids of outcomes': (batch) => {
    for (let id = 0; id < 60_000; id++) {
      batch.addOutcome({
        namespace: 'default',
        model: 'm',
        id: `r${id}`,
        name: 'o',
        atMs: noonMs,
        value: id,
      });
    }
  },
  models: (batch) => {
    for (let model = 0; model < 6000; model++) {
      batch.addRequest(request({ model: `model-${model}`, id: 'r' }));
    }
  },
  versions: (batch) => {
    for (let version = 0; version < 5000; version++) {
      batch.addRequest(request({ version: `version-${version}` }));
    }
  },
};

describe('the memory that a batch tells of', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  async function used(): Promise<number> {
    // What the last turns still refer to is let go.
    for (let times = 0; times < 3; times++) {
      await nextTurn();
      collect();
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  }

  /** Whatever else is made on the way is made before, and kept. */
  async function measured(fill: (batch: CountBatch) => void) {
    const kept: CountBatch[] = [];
    const filled = (): void => {
      const batch = new CountBatch();
      fill(batch);
      kept[0] = batch;
    };
    filled();
    kept.length = 0;
    const before = await used();
    filled();
    return { took: (await used()) - before, told: kept[0]?.bytes ?? 0 };
  }

  for (const [name, fill] of Object.entries(bodies)) {
    it(`is about what it takes: ${name}`, async () => {
      // Other things on the heap come and go meanwhile: one of three measurements has to be undisturbed.
      const ratios: number[] = [];
      const isRight = (ratio: number): boolean => ratio > 0.6 && ratio < 2;
      while (ratios.length < 3 && !ratios.some(isRight)) {
        const { took, told } = await measured(fill);
        ratios.push(told / Math.max(took, 1));
      }
      assert.ok(ratios.some(isRight), `it tells of ${ratios.join(', ')} of what it takes`);
    });
  }

  it('is that of maps as they grow', () => {
    assert.deepEqual([0, 4, 5, 9].map(mapBytes), [184, 184, 296, 520]);
  });
});
