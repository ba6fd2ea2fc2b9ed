import { openingErrors } from '../../config/index.js';
import type { Config } from '../../config/config.js';
import { watchFiles } from '../../config/file-watch.js';
import { describeFieldError, type FieldError } from '../../domain/errors.js';
import { failure, type Result } from '../../domain/result.js';
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
  /** Resolves with whether the config that was read is in force; else the one before is. Never fails. */
  reload(why: string): Promise<boolean>;
  stop(): void;
}

/**
 * Starts to look after the files of the config. One reload follows the other, never two at once. One that was refused since
 * a file could not be read is tried again after a while: what was in the way may pass without any file changing.
 */
export function startReloading(parts: ReloadParts): Reloading {
  const { logger, metrics, now, load, inForce, apply } = parts;
  const everyMs = load === undefined ? 0 : inForce().server.reloadIntervalMs;
  metrics.configLastReload.set(1);
  metrics.configLastReloadTime.set(now() / 1000);
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;
  /** A config that was refused because of another file that it names: it may be right once that is. */
  let refused: Config | undefined;
  let lastProblems = '';
  let retry: NodeJS.Timeout | undefined;

  const applyNext = (next: Config): Promise<Result<unknown>> => {
    const errors = openingErrors(inForce(), next);
    return errors.length > 0 ? Promise.resolve(failure(errors)) : apply(next);
  };
  const tellRefusal = (why: string, isAsked: boolean, errors: readonly FieldError[]): void => {
    metrics.configLastReload.set(0);
    const problems = errors.map(describeFieldError);
    const told = JSON.stringify(problems);
    if (isAsked || told !== lastProblems) {
      logger.error(
        { why, problems },
        'the config was not reloaded: it is wrong, the one before stays in force',
      );
    }
    lastProblems = told;
  };
  const reloadNow = async (why: string, isAsked: boolean): Promise<boolean> => {
    if (load === undefined || stopped) return false;
    clearTimeout(retry);
    const before = inForce();
    const loaded = load();
    const result = loaded.ok ? await applyNext(loaded.value) : loaded;
    refused = loaded.ok && !result.ok ? loaded.value : undefined;
    metrics.configReloads.inc({ result: result.ok ? 'applied' : 'refused' });
    if (!result.ok) {
      tellRefusal(why, isAsked, result.errors);
      if (result.errors.some(({ unreadable }) => unreadable)) retryLater();
      return false;
    }
    lastProblems = '';
    metrics.configLastReload.set(1);
    metrics.configLastReloadTime.set(now() / 1000);
    logger.level = inForce().logging.level;
    logger.info({ why }, 'reloaded the config');
    const ignored = changedAtStartOnly(before, inForce());
    if (ignored.length > 0)
      logger.warn({ settings: ignored }, 'settings that only a restart changes were changed');
    return true;
  };
  const reload = (why: string, isAsked: boolean): Promise<boolean> => {
    const reloaded = last
      .then(() => reloadNow(why, isAsked))
      .catch((error: unknown) => {
        metrics.configReloads.inc({ result: 'refused' });
        metrics.configLastReload.set(0);
        logger.error({ err: error }, 'the config could not be reloaded');
        return false;
      });
    last = reloaded;
    return reloaded;
  };
  const retryLater = (): void => {
    if (everyMs === 0 || stopped) return;
    retry = setTimeout(() => void reload('a file could not be read before', false), everyMs).unref();
  };
  const stopWatching = watchFiles({
    files: () => [
      ...new Set([inForce(), refused].flatMap((config) => (config === undefined ? [] : filesOf(config)))),
    ],
    everyMs,
    onChange: () => void reload('its files changed', false),
  });
  return {
    reload: (why) => reload(why, true),
    stop: () => {
      stopped = true;
      clearTimeout(retry);
      stopWatching();
    },
  };
}
