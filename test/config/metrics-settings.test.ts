import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/index.js';
import { latencyBoundsMs, scoreBin, scoreBinUpperEdge } from '../../src/sources/index.js';
import { valueOf } from '../support/value-of.js';

describe('settings of ingested metrics', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-config-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const load = (ingested: Readonly<Record<string, unknown>>) => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, stringify({ metrics: { ingested } }));
    return loadConfig({ file, env: {} });
  };
  const read = (ingested: Readonly<Record<string, unknown>>) => valueOf(load(ingested)).metrics.ingested;
  const refuse = (ingested: Readonly<Record<string, unknown>>): string => {
    const loaded = load(ingested);
    assert.equal(loaded.ok, false);
    return loaded.errors.map(({ path, message }) => `${path}: ${message}`).join('\n');
  };

  it('are off, and have buckets that lose nothing of what the ledger counts', () => {
    const defaults = read({});
    assert.equal(defaults.enabled, false);
    assert.deepEqual(
      defaults.latencyBuckets.map((seconds) => seconds * 1000),
      latencyBoundsMs,
    );
    assert.ok([0.2, 0.5].every((bound) => defaults.latencyBuckets.includes(bound)));
    assert.equal(defaults.scoreBuckets.length, 21);
    for (const bound of defaults.scoreBuckets) assert.equal(scoreBinUpperEdge(scoreBin(bound)), bound);
    assert.equal(defaults.staleAfterMs, 86_400_000);
  });

  it('take request times as numbers of seconds and as durations', () => {
    assert.deepEqual(
      read({ latencyBuckets: ['2.5ms', 0.2, '500ms', '1s', 30] }).latencyBuckets,
      [0.0025, 0.2, 0.5, 1, 30],
    );
  });

  it('refuse request times on which the ledger does not count', () => {
    for (const bound of [0.123, '7s', 0, 60]) {
      assert.match(
        refuse({ latencyBuckets: [bound] }),
        /^metrics\.ingested\.latencyBuckets\[0\]: expected .*0\.2, 0\.25, 0\.3/,
      );
    }
  });

  it('refuse scores inside of [0, 1] that are no hundredths, and what no grid has', () => {
    for (const bound of [0.125, 1 / 3, -1e-12, 1e22, -1e22]) {
      assert.match(refuse({ scoreBuckets: [bound] }), /scoreBuckets\[0\]: expected .*hundredth/);
    }
    assert.match(
      refuse({ scoreBucketsFor: { prices: { '*': [0.005] } } }),
      /scoreBucketsFor\.prices\.\*\[0\]: expected .*hundredth/,
    );
  });

  it('move scores outside of [0, 1] to the nearest edge of the grid, by 2 % at most', () => {
    const outside = fc.oneof(
      fc.double({ min: 1.05, max: 1e20, noNaN: true }),
      fc.double({ min: -1e20, max: -1e-8, noNaN: true }),
    );
    fc.assert(
      fc.property(outside, (bound) => {
        const [edge = NaN] = read({ scoreBuckets: [bound] }).scoreBuckets;
        assert.equal(scoreBinUpperEdge(scoreBin(edge)), edge);
        assert.ok(Math.abs(edge / bound - 1) <= 0.0201, `${bound} becomes ${edge}`);
      }),
      { numRuns: 50 },
    );
  });

  it('refuse bounds that do not ascend, or that are moved to the same edge', () => {
    const ascending = /scoreBuckets: expected bounds in ascending order/;
    for (const scoreBuckets of [[0.5, 0.5], [1, 0], [100, 101], []]) {
      assert.match(refuse({ scoreBuckets }), scoreBuckets.length > 0 ? ascending : /scoreBuckets: /);
    }
    assert.match(refuse({ latencyBuckets: [0.5, 0.2] }), /latencyBuckets: expected bounds in ascending/);
  });
});
