/** Ctrl-C and what Kubernetes sends, as a signal for what is under way. */
export interface Interruption {
  readonly signal: AbortSignal;
  dispose(): void;
}

/** The first signal ends what is under way in good order; a second one ends the process, as it would without us. */
export function interruption(): Interruption {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const end = (): void => {
    dispose();
    controller.abort();
  };
  const dispose = (): void => {
    for (const signal of signals) process.off(signal, end);
  };
  for (const signal of signals) process.on(signal, end);
  return { signal: controller.signal, dispose };
}
