import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceProcess } from '../../support/service/service-process.js';
import { askVerdict } from './canary-traffic.js';

/** What was seen of the service while something was done to it. */
export interface Watched<T> {
  readonly result: T;
  /** How many verdicts and probes were answered, all of them with 200. */
  readonly answered: number;
  /** The longest time that one of them took. */
  readonly slowestMs: number;
}

/** Asks for verdicts and probes all the time while `work` goes on; fails where one is not answered as it should be. */
export async function whileAsking<T>(service: ServiceProcess, work: () => Promise<T>): Promise<Watched<T>> {
  let busy = true;
  let answered = 0;
  let slowestMs = 0;
  const timed = async (ask: () => Promise<unknown>): Promise<void> => {
    const since = performance.now();
    await ask();
    answered++;
    slowestMs = Math.max(slowestMs, performance.now() - since);
  };
  const probe = async (): Promise<void> => {
    const { status } = await service.call('/readyz');
    if (status !== 200) throw new Error(`/readyz was answered with ${status}`);
  };
  const askAll = async (): Promise<void> => {
    do {
      // Another step each time: judged anew, not only remembered.
      await timed(() => askVerdict(service, String(answered)));
      await timed(probe);
      await pause(20);
    } while (busy);
  };
  const asking = askAll();
  const worked = work().finally(() => {
    busy = false;
  });
  const [result] = await Promise.all([worked, asking]);
  return { result, answered, slowestMs };
}
