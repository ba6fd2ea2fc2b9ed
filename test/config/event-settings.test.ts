import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventLimits, loadConfig, modelEvents } from '../../src/config/index.js';
import { defaultEventLimits, defaultEventSettings } from '../../src/ingest/events/index.js';

describe('settings of payload events', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-config-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const load = (text: string) => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, text);
    return loadConfig({ file });
  };

  it('have defaults, which are those of the code that reads events', () => {
    const loaded = load('');
    assert.ok(loaded.ok);
    assert.deepEqual(eventLimits(loaded.value), defaultEventLimits);
    assert.deepEqual(modelEvents(loaded.value, 'ml', 'fraud'), {
      settings: defaultEventSettings,
      isOpen: false,
    });
    const mentioned = load('models: { fraud: { events: {} } }');
    assert.ok(mentioned.ok);
    assert.deepEqual(modelEvents(mentioned.value, 'ml', 'fraud'), {
      settings: defaultEventSettings,
      isOpen: false,
    });
  });

  it('are those of the most specific entry', () => {
    const loaded = load(
      'models: { "*": { events: { mode: all, responseWithin: 20s } }, ml/fraud: { events: { path: a.0.b, access: open } } }',
    );
    assert.ok(loaded.ok);
    const other = modelEvents(loaded.value, 'other', 'fraud');
    assert.deepEqual(
      [other.settings.mode, other.settings.responseWithinMs, other.isOpen],
      ['all', 20_000, false],
    );
    const own = modelEvents(loaded.value, 'ml', 'fraud');
    assert.deepEqual([own.settings.mode, own.settings.path, own.isOpen], ['response', ['a', '0', 'b'], true]);
  });

  for (const [what, text] of [
    ['an unknown mode', 'events: { mode: request }'],
    ['a path without names', 'events: { path: a..b }'],
    ['a position that is none', 'events: { index: -1 }'],
    ['a response that never comes', 'events: { responseWithin: 1d }'],
    ['an unknown setting', 'events: { modes: all }'],
  ] as const) {
    it(`refuse ${what}`, () => {
      const loaded = load(`models: { fraud: { ${text} } }`);
      assert.ok(!loaded.ok);
      assert.match(loaded.errors[0]?.path ?? '', /^models\.fraud\.events/);
    });
  }
});
