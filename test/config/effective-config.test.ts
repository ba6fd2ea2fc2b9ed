import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Config } from '../../src/config/config.js';
import { effectiveConfig } from '../../src/config/effective-config.js';
import { loadConfig } from '../../src/config/load-config.js';

describe('effectiveConfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-effective-'));
  const file = join(folder, 'config.yaml');

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function load(content: unknown, flags = {}): Config {
    writeFileSync(file, stringify(content));
    const loaded = loadConfig({ file, flags });
    assert.ok(loaded.ok, JSON.stringify(loaded));
    return loaded.value;
  }

  it('shows every setting, as a person would write it', () => {
    const shown = effectiveConfig(load({ looks: { settle: '5s' } }, { port: 9999 })) as {
      readonly server: Readonly<Record<string, unknown>>;
      readonly looks: unknown;
      readonly logging: unknown;
    };
    assert.equal(shown.server['port'], 9999);
    assert.equal(shown.server['stopGrace'], '20s');
    assert.deepEqual(shown.looks, { settle: '5s', lookback: '24h', restartGap: '10m' });
    assert.deepEqual(shown.logging, { level: 'info' });
  });

  it('fills up policies and leaves what is not set and has no default away', () => {
    const guardrails = [{ name: 'e', kind: 'error-rate', promoteBelow: '1%', rollbackAbove: '2%' }];
    const shown = effectiveConfig(
      load({ policies: { mine: { guardrails } }, models: { a: { policy: 'mine' } } }),
    );
    const policies = shown['policies'] as Readonly<
      Record<string, Readonly<Record<string, unknown>> | undefined>
    >;
    assert.equal(policies['mine']?.['confidence'], 0.95);
    assert.deepEqual(policies['mine']['guardrails'], guardrails);
    assert.deepEqual(shown['models'], { a: { policy: 'mine' } });
  });

  it('is a config file that gives the same config again', () => {
    const seconds = fc.integer({ min: 60, max: 3600 });
    const contents = fc.record(
      {
        server: fc.record(
          { port: fc.integer({ min: 0, max: 65535 }), stopGrace: seconds.map((value) => `${value}s`) },
          { requiredKeys: [] },
        ),
        looks: fc.record(
          { lookback: seconds, restartGap: seconds.map((value) => `${value}s`) },
          { requiredKeys: [] },
        ),
        ingest: fc.record({ bodyLimit: fc.integer({ min: 1, max: 1e9 }) }, { requiredKeys: [] }),
        models: fc.dictionary(
          fc.stringMatching(/^[a-z*/-]{1,12}$/),
          fc.constantFrom({}, { policy: 'progressive' }),
        ),
        policies: fc.constantFrom(
          {},
          {
            mine: {
              mode: 'threshold',
              window: '5m',
              guardrails: [
                {
                  name: 'l',
                  kind: 'latency-quantile',
                  quantile: 0.9,
                  promoteBelow: '1s',
                  rollbackAbove: '2s',
                },
              ],
            },
          },
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(contents, (content) => {
        const config = load(content);
        const reloaded = load(effectiveConfig(config));
        assert.deepEqual({ ...reloaded, written: {} }, { ...config, written: {} });
        assert.deepEqual(effectiveConfig(reloaded), effectiveConfig(config));
      }),
      { numRuns: 40 },
    );
  });
});
