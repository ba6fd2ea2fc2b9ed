import type { Command as RolloutCommand } from '../../progressive/index.js';

/** What a key asks for. */
export interface KeyRequest {
  readonly kind: RolloutCommand['kind'];
  readonly full: boolean;
}

const keys: ReadonlyMap<string, KeyRequest> = new Map([
  ['p', { kind: 'pause', full: false }],
  ['r', { kind: 'resume', full: false }],
  ['n', { kind: 'promote', full: false }],
  ['a', { kind: 'abort', full: false }],
]);

export const keyHelp =
  'keys: p pause, r resume, n next stage, a abort (traffic to zero), Ctrl-C leave it as it is';

/** What a terminal gives. */
export interface KeySource {
  readonly isTTY?: boolean;
  setRawMode?(mode: boolean): unknown;
  on(event: 'data', listener: (data: Buffer) => void): unknown;
  off(event: 'data', listener: (data: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Listens to the keys of a terminal; the answer ends that. Does nothing where there is none. */
export function listenToKeys(
  source: KeySource,
  onRequest: (request: KeyRequest) => void,
  onInterrupt: () => void,
  onSecondInterrupt: () => void,
): () => void {
  if (source.isTTY !== true || source.setRawMode === undefined) return () => undefined;
  let interrupts = 0;
  const listen = (data: Buffer): void => {
    for (const key of data.toString()) {
      // In raw mode the terminal sends it as a key; the second one is for who does not want to wait for an end in order.
      if (key === '\u0003' && ++interrupts > 1) {
        stop();
        onSecondInterrupt();
      } else if (key === '\u0003') onInterrupt();
      const request = keys.get(key);
      if (request !== undefined) onRequest(request);
    }
  };
  const stop = (): void => {
    source.off('data', listen);
    source.setRawMode?.(false);
    source.pause();
  };
  source.setRawMode(true);
  source.on('data', listen);
  source.resume();
  return stop;
}
