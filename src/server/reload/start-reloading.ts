import type { Config } from '../../config/config.js';
import { watchFiles } from '../../config/file-watch.js';
import { describeFieldError } from '../../domain/errors.js';
import type { Result } from '../../domain/result.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { changedAtStartOnly } from './changed-at-start-only.js';
import { filesOf } from './files-of.js';

/** What reloading needs. */
export interface ReloadParts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Reads the config; absent: there is nothing to read it from. */
  readonly load: (() => Result<Config>) | undefined;
  readonly inForce: () => Config;
  /** Puts a config in force as a whole, or fails and changes nothing. */
  readonly apply: (config: Config) => Promise<Result<unknown>>;
}

/** Reads the config again when it is asked to, or when its files have changed. */
export interface Reloading {
  /** Resolves with whether the config that was read is in force; else the one before is. */
  reload(why: string): Promise<boolean>;
  stop(): void;
}

/** Starts to look after the files of the config. One reload follows the other, never two at once. */
export function startReloading(parts: ReloadParts): Reloading {
  const { logger, metrics, now, load, inForce, apply } = parts;
  metrics.configLastReload.set(1);
  metrics.configLastReloadTime.set(now() / 1000);
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;
  /** A config that was refused because of another file that it names: it may be right once that is. */
  let refused: Config | undefined;

  const reloadNow = async (why: string): Promise<boolean> => {
    if (load === undefined || stopped) return false;
    const loaded = load();
    const result = loaded.ok ? await apply(loaded.value) : loaded;
    refused = loaded.ok && !result.ok ? loaded.value : undefined;
    metrics.configReloads.inc({ result: result.ok ? 'applied' : 'refused' });
    metrics.configLastReload.set(result.ok ? 1 : 0);
    if (!result.ok) {
      const problems = result.errors.map(describeFieldError);
      logger.error(
        { why, problems },
        'the config was not reloaded: it is wrong, the one before stays in force',
      );
      return false;
    }
    metrics.configLastReloadTime.set(now() / 1000);
    logger.level = inForce().logging.level;
    logger.info({ why }, 'reloaded the config');
    return true;
  };
  const reload = (why: string): Promise<boolean> => {
    const started = inForce();
    const reloaded = last.then(() => reloadNow(why));
    last = reloaded
      .then((done) => {
        const ignored = done ? changedAtStartOnly(started, inForce()) : [];
        if (ignored.length > 0)
          logger.warn({ settings: ignored }, 'settings that only a restart changes were changed');
      })
      .catch((error: unknown) => {
        logger.error({ err: error }, 'the config could not be reloaded');
      });
    return reloaded;
  };
  const stopWatching = watchFiles({
    files: () => [
      ...new Set([inForce(), refused].flatMap((config) => (config === undefined ? [] : filesOf(config)))),
    ],
    everyMs: load === undefined ? 0 : inForce().server.reloadIntervalMs,
    onChange: () => void reload('its files changed').catch(() => undefined),
  });
  return {
    reload,
    stop: () => {
      stopped = true;
      stopWatching();
    },
  };
}
