import type { Logger } from '../telemetry/logger.js';

/** The signals by which a container runtime, or a person, asks a process to end. */
const signals = ['SIGTERM', 'SIGINT'] as const;

/** The part of `process` that is needed, so that a test can send signals to something else. */
export interface SignalSource {
  on(signal: (typeof signals)[number], listener: () => void): unknown;
  off(signal: (typeof signals)[number], listener: () => void): unknown;
}

/**
 * Resolves after the first SIGTERM or SIGINT once `stop` is done; a second signal does not hurry it. The caller then
 * lets the process end, with status 0.
 */
export function stopOnSignals(
  stop: () => Promise<void>,
  logger: Logger,
  source: SignalSource = process,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const listeners = signals.map((signal) => {
      const listener = (): void => {
        logger.info({ signal }, stopping ? 'already stopping' : 'asked to stop');
        if (stopping) return;
        stopping = true;
        stop().then(resolve, reject).finally(removeListeners);
      };
      return { signal, listener };
    });
    const removeListeners = (): void => {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    };
    for (const { signal, listener } of listeners) source.on(signal, listener);
  });
}
