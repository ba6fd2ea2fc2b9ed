import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * The items one by one, with a turn of the event loop between them. The embedded database works on the thread that
 * answers requests: a large piece of work lets the others through in between.
 */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  let first = true;
  for (const item of items) {
    if (!first) await nextTurn();
    first = false;
    yield item;
  }
}
