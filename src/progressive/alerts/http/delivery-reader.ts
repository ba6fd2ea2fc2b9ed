import type { AnswerHead, BodyReader } from '../../../sources/prometheus/server/exchange/body-reader.js';
import { retryAfterMs } from '../../../sources/prometheus/server/answers/retry-after.js';
import type { Delivery } from '../alert-receiver.js';

/** More of an answer than this is not read: nothing in it is needed. */
const longestBytes = 64 * 1024;

/** Statuses that may pass: overload, and what is mended while a receiver is being set up or its token rotated. */
const passing: ReadonlySet<number> = new Set([401, 403, 404, 408, 425, 429]);

/** Reads from an answer whether an alert was taken. Nothing of its body is kept or repeated. */
export class DeliveryReader implements BodyReader<Delivery> {
  readonly #delivery: Delivery;
  #bytes = 0;

  constructor(head: AnswerHead, nowMs: number) {
    this.#delivery = deliveryOf(head, nowMs);
  }

  push(chunk: Buffer): Delivery | undefined {
    this.#bytes += chunk.length;
    return this.#bytes > longestBytes ? this.#delivery : undefined;
  }

  end(): Delivery {
    return this.#delivery;
  }
}

function deliveryOf({ status, headers }: AnswerHead, nowMs: number): Delivery {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 400) {
    const reason = `answers with a redirect (${status}), which is not followed: name the address it leads to`;
    return { kind: 'never', reason };
  }
  if (status < 500 && !passing.has(status)) {
    return { kind: 'never', reason: `refuses the alert (${status})` };
  }
  const pauseMs = retryAfterMs(headers['retry-after'], nowMs);
  return {
    kind: 'later',
    reason: `does not take the alert now (${status})`,
    ...(pauseMs === undefined ? {} : { retryAfterMs: pauseMs }),
  };
}
