import type { Logger } from '../telemetry/logger.js';

/** The signals by which a container runtime, or a person, asks a process to end. */
const stopSignals = ['SIGTERM', 'SIGINT'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** The part of `process` that is needed, so that a test can send signals to something else. */
export interface SignalSource {
  on(signal: StopSignal | 'SIGHUP', listener: () => void): unknown;
  off(signal: StopSignal | 'SIGHUP', listener: () => void): unknown;
}

/**
 * Resolves after the first SIGTERM or SIGINT once `stop` is done; a second signal does not hurry it. The caller then
 * lets the process end, with status 0.
 */
export function stopOnSignals(
  stop: (signal: StopSignal) => Promise<void>,
  logger: Logger,
  source: SignalSource = process,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const listeners = stopSignals.map((signal) => {
      const listener = (): void => {
        logger.info({ signal }, stopping ? 'already stopping' : 'asked to stop');
        if (stopping) return;
        stopping = true;
        stop(signal).then(resolve, reject).finally(removeListeners);
      };
      return { signal, listener };
    });
    const removeListeners = (): void => {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    };
    for (const { signal, listener } of listeners) source.on(signal, listener);
  });
}

/** Calls `reload` at every SIGHUP, until the answer is called. */
export function reloadOnHangUp(reload: () => void, source: SignalSource = process): () => void {
  source.on('SIGHUP', reload);
  return () => {
    source.off('SIGHUP', reload);
  };
}
