import assert from 'node:assert/strict';
import { loadConfig, type Config } from '../../../src/config/index.js';
import type { FieldError } from '../../../src/domain/errors.js';
import { failure, success, type Result } from '../../../src/domain/result.js';
import { startReloading, type Reloading } from '../../../src/server/reload/start-reloading.js';
import { createLogger } from '../../../src/telemetry/index.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { until } from '../../support/until.js';
import { valueOf } from '../../support/value-of.js';

const unreadable: FieldError = { path: 'config.yaml', message: 'cannot be read: EMFILE', unreadable: true };
const wrong: FieldError = { path: 'servr', message: 'unknown field' };
const config = valueOf(loadConfig({}));

/** A config whose files are looked at so often. */
function lookingEvery(reloadIntervalMs: number): Config {
  return { ...config, server: { ...config.server, reloadIntervalMs } };
}

/** Reloads that find what a test gives them, by how many they are. */
class TestReloading {
  loads = 0;
  readonly reloading: Reloading;
  readonly #logged: string[] = [];

  constructor(find: (load: number) => readonly FieldError[], inForce = lookingEvery(2)) {
    this.reloading = startReloading({
      logger: createLogger({ level: 'info', to: { write: (line) => void this.#logged.push(line) } }),
      metrics: createMetrics({ processMetrics: false }),
      now: Date.now,
      load: (): Result<Config> => {
        const errors = find(++this.loads);
        return errors.length > 0 ? failure(errors) : success(inForce);
      },
      inForce: () => inForce,
      apply: (next) => Promise.resolve(success(next)),
    });
  }

  /** How many lines of the log have a text. */
  told(text: string): number {
    return this.#logged.filter((line) => line.includes(text)).length;
  }
}

describe('a reload that was refused', () => {
  const open: TestReloading[] = [];

  function start(...parts: ConstructorParameters<typeof TestReloading>): TestReloading {
    const started = new TestReloading(...parts);
    open.push(started);
    return started;
  }

  afterEach(() => {
    for (const { reloading } of open.splice(0)) reloading.stop();
  });

  it('is tried again until a file can be read that could not be, though no file changes', async () => {
    const started = start((load) => (load < 4 ? [wrong, unreadable] : []));
    assert.equal(await started.reloading.reload('asked for'), false);
    await until(() => started.told('"msg":"reloaded the config"') === 1);
    assert.equal(started.loads, 4);
    assert.equal(started.told('the config was not reloaded'), 1, 'the same problems are told once');
  });

  it('tells other problems when there are some, and the same ones to whoever asks again', async () => {
    const started = start((load) => [{ ...unreadable, message: load < 3 ? 'EMFILE' : 'EIO' }]);
    await started.reloading.reload('asked for');
    await until(() => started.loads > 5);
    assert.equal(started.told('the config was not reloaded'), 2);
    await started.reloading.reload('asked for');
    assert.equal(started.told('the config was not reloaded'), 3);
  });

  it('is not tried again where the files are wrong, where none are looked at, and after the end', async () => {
    const others = [
      start(() => [wrong]),
      start(() => [unreadable], lookingEvery(0)),
      start(() => [unreadable]),
    ];
    for (const { reloading } of others) assert.equal(await reloading.reload('asked for'), false);
    others[2]?.reloading.stop();
    const tried = start(() => [unreadable]);
    await tried.reloading.reload('asked for');
    await until(() => tried.loads > 5);
    assert.deepEqual(
      others.map(({ loads }) => loads),
      [1, 1, 1],
    );
  });

  it('ends with its cause in the log where it failed, and the next one goes on', async () => {
    const started = start((load) => {
      if (load === 1) throw new Error('out of order');
      return [];
    });
    assert.equal(await started.reloading.reload('asked for'), false);
    assert.equal(started.told('the config could not be reloaded'), 1);
    assert.equal(await started.reloading.reload('asked for'), true);
  });
});
