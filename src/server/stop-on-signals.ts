import type { Logger } from '../telemetry/logger.js';

/** The signals by which a container runtime, or a person, asks a process to end. */
const stopSignals = ['SIGTERM', 'SIGINT'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** The part of `process` that is needed, so that a test can send signals to something else. */
export interface SignalSource {
  on(signal: StopSignal | 'SIGHUP', listener: () => void): unknown;
}

/**
 * Resolves after the first SIGTERM or SIGINT once `stop` is done; a second signal does not hurry it. The caller then
 * lets the process end, with status 0. The signals are listened to until then: Node.js would end the process by one that
 * nobody listens to, while something is still being closed.
 */
export function stopOnSignals(
  stop: (signal: StopSignal) => Promise<void>,
  logger: Logger,
  source: SignalSource = process,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    for (const signal of stopSignals) {
      source.on(signal, () => {
        logger.info({ signal }, stopping ? 'already stopping' : 'asked to stop');
        if (stopping) return;
        stopping = true;
        stop(signal).then(resolve, reject);
      });
    }
  });
}

/** Calls `reload` at every SIGHUP until the process ends. */
export function reloadOnHangUp(reload: () => void, source: SignalSource = process): void {
  source.on('SIGHUP', reload);
}
