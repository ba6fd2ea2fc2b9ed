import assert from 'node:assert/strict';
import { ledgerSettings } from '../../src/config/ledger-settings.js';
import { ingestLimits } from '../../src/config/ingest-limits.js';
import { loadConfig } from '../../src/config/load-config.js';
import { modelSettings } from '../../src/config/model-settings.js';
import type { Config, ModelSettings } from '../../src/config/config.js';
import { defaultIngestLimits } from '../../src/ingest/index.js';
import { defaultLedgerSettings } from '../../src/sources/index.js';

function config(models: Readonly<Record<string, ModelSettings>> = {}): Config {
  const loaded = loadConfig({});
  assert.ok(loaded.ok);
  return { ...loaded.value, models: new Map(Object.entries(models)) };
}

describe('modelSettings', () => {
  const some = config({
    '*': { policy: 'progressive', denominator: 'predictions' },
    fraud: { policy: 'plain-loop' },
    'prod/fraud': { denominator: 'outcomes' },
  });

  it('takes the most special entry that says something', () => {
    assert.deepEqual(modelSettings(some, 'prod', 'fraud'), { policy: 'plain-loop', denominator: 'outcomes' });
    assert.deepEqual(modelSettings(some, 'test', 'fraud'), {
      policy: 'plain-loop',
      denominator: 'predictions',
    });
    assert.deepEqual(modelSettings(some, 'prod', 'other'), {
      policy: 'progressive',
      denominator: 'predictions',
    });
    assert.deepEqual(modelSettings(config(), 'prod', 'other'), {});
  });

  it('tells the ledger what outcomes are a share of', () => {
    assert.equal(ledgerSettings(some).denominator('prod', 'fraud'), 'outcomes');
    assert.equal(ledgerSettings(some).denominator('test', 'fraud'), 'predictions');
    assert.equal(ledgerSettings(config()).denominator('test', 'fraud'), 'outcomes');
  });
});

describe('defaults of the config', () => {
  it('are those of the ledger and of ingest', () => {
    const { denominator } = defaultLedgerSettings;
    assert.deepEqual({ ...ledgerSettings(config()), denominator }, defaultLedgerSettings);
    assert.deepEqual(ingestLimits(config()), defaultIngestLimits);
  });
});
