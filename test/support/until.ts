import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is yes; the test's own time limit ends it otherwise. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await pause(20);
}
