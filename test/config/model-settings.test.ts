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

describe('the routing of models', () => {
  const models = config({
    '*': { routing: 'sticky' },
    fraud: { policy: 'plain-loop' },
    'prod/fraud': { routing: 'selected' },
    internal: { routing: 'random' },
  });

  it('reaches the ledger, the most special entry that says something', () => {
    const { routing } = ledgerSettings(models);
    assert.equal(routing('prod', 'fraud'), 'selected');
    assert.equal(routing('test', 'fraud'), 'sticky');
    assert.equal(routing('test', 'internal'), 'random');
    assert.equal(ledgerSettings(config()).routing('prod', 'fraud'), 'random');
  });
});

describe('defaults of the config', () => {
  it('are those of the ledger and of ingest', () => {
    const { denominator, routing } = defaultLedgerSettings;
    assert.deepEqual({ ...ledgerSettings(config()), denominator, routing }, defaultLedgerSettings);
    for (const setting of ['denominator', 'routing'] as const) {
      assert.equal(
        ledgerSettings(config())[setting]('prod', 'fraud'),
        defaultLedgerSettings[setting]('', ''),
      );
    }
    assert.deepEqual(ingestLimits(config()), defaultIngestLimits);
  });
});
