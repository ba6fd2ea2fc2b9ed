import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { call, type CallAnswer } from '../../support/service/call.js';
import type { NumberedBatches } from './numbered-batches.js';

/** How long a sender waits before it tries again. */
const retryMs = 25;

/** What the senders have seen. */
export interface SenderTally {
  /** Batches that were answered with 200, by number. */
  readonly acknowledged: ReadonlySet<number>;
  /** Those of them that had been counted before, by an attempt whose answer was lost. */
  readonly repeated: number;
  /** Attempts that met no service, or lost it before its answer. */
  readonly broken: number;
  /** Answers that were neither 200 nor a 503 that may be retried. */
  readonly unexpected: readonly CallAnswer[];
  /** Attempts that were answered with 503 and `Retry-After`. */
  readonly refused: number;
  /** What those answers said. */
  readonly refusals: ReadonlySet<string>;
}

/**
 * Applications that send one batch after the other and give none up: what is not acknowledged is sent again with the
 * same `Idempotency-Key`, to wherever the service is then.
 */
export class PersistentSenders {
  readonly #batches: NumberedBatches;
  readonly #url: () => string;
  readonly #pauseMs: number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #acknowledged = new Set<number>();
  readonly #unexpected: CallAnswer[] = [];
  readonly #refusals = new Set<string>();
  readonly #running: Promise<void>[] = [];
  #next = 1;
  #repeated = 0;
  #broken = 0;
  #refused = 0;
  #stopping = false;
  #abandoned = false;

  /** `url`: where the service is at that moment. `pauseMs`: between one batch and the next of a sender. */
  constructor(batches: NumberedBatches, url: () => string, pauseMs = 0) {
    this.#batches = batches;
    this.#url = url;
    this.#pauseMs = pauseMs;
  }

  start(senders: number): void {
    for (let sender = 0; sender < senders; sender++) this.#running.push(this.#send());
  }

  /** Begins no further batch, and waits until those under way are acknowledged. */
  async finish(): Promise<SenderTally> {
    this.#stopping = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
    return this.tally;
  }

  /** Ends without waiting for anything: for a test that has failed. */
  abandon(): void {
    this.#stopping = true;
    this.#abandoned = true;
    this.#agent.destroy();
  }

  get tally(): SenderTally {
    return {
      acknowledged: this.#acknowledged,
      repeated: this.#repeated,
      broken: this.#broken,
      refused: this.#refused,
      unexpected: this.#unexpected,
      refusals: this.#refusals,
    };
  }

  async #send(): Promise<void> {
    while (!this.#stopping) {
      const number = this.#next++;
      const body = this.#batches.body(number);
      while (!this.#abandoned && !(await this.#attempt(number, body))) await pause(retryMs);
      await pause(this.#pauseMs);
    }
  }

  /** Whether the batch needs no further attempt. */
  async #attempt(number: number, body: string): Promise<boolean> {
    let answer: CallAnswer;
    try {
      answer = await call(`${this.#url()}/v1/predictions`, {
        body,
        agent: this.#agent,
        headers: { 'Idempotency-Key': `batch-${number}` },
      });
    } catch {
      this.#broken++;
      return false;
    }
    if (answer.status === 503 && answer.headers['retry-after'] !== undefined) {
      this.#refused++;
      this.#refusals.add((JSON.parse(answer.text) as { readonly detail: string }).detail);
      return false;
    }
    if (answer.status !== 200) {
      this.#unexpected.push(answer);
      return true;
    }
    const { duplicate } = JSON.parse(answer.text) as { readonly duplicate: boolean };
    if (duplicate) this.#repeated++;
    this.#acknowledged.add(number);
    return true;
  }
}
