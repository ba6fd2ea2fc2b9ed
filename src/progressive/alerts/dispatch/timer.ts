/** Does something after so many milliseconds; the answer gives it up. */
export type Timer = (delayMs: number, run: () => void) => () => void;

/** Keeps no process alive. */
export const realTimer: Timer = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => {
    clearTimeout(timer);
  };
};
