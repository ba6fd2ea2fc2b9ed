import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { call, type CallAnswer } from '../../../support/service/call.js';

/** How long it waits before it tries again. */
const retryMs = 100;
/** A service that has stopped in the middle of an answer is asked again after so long. */
const timeoutMs = 10_000;
/** What may be otherwise the next time: the service is away, has too much to do, or its tokens are being changed. */
const passing: ReadonlySet<number> = new Set([401, 403, 408, 429]);

/** A body for one of the ingest routes. */
export interface Batch {
  readonly route: '/v1/predictions' | '/v1/outcomes';
  /** Told with every attempt, so that none is counted twice. */
  readonly key: string;
  readonly body: string;
  readonly lines: number;
  /** Called once it is counted. */
  readonly onCounted: () => void;
}

/** What became of the attempts. */
export interface SenderTally {
  readonly counted: number;
  /** Batches that had been counted by an attempt whose answer was lost. */
  readonly repeated: number;
  /** Attempts that met no service, lost it before its answer, or were told to come again. */
  readonly failedAttempts: number;
}

/**
 * Sends batches in their order, one at a time, and gives none up: what is not acknowledged is sent again with the same
 * `Idempotency-Key`. An answer that says that a batch is wrong ends it, since that is a mistake of the test.
 */
export class PersistentSender {
  readonly #url: () => string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #waiting: Batch[] = [];
  #running: Promise<void> | undefined;
  #failure: Error | undefined;
  #abandoned = false;
  #counted = 0;
  #repeated = 0;
  #failedAttempts = 0;

  /** `url`: where the service is at that moment. */
  constructor(url: () => string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  add(batch: Batch): void {
    this.#waiting.push(batch);
    this.#running ??= this.#sendAll();
  }

  /** Waits until everything is acknowledged; fails where a batch was refused. */
  async finish(): Promise<SenderTally> {
    await this.#running;
    this.#agent.destroy();
    if (this.#failure !== undefined) throw this.#failure;
    return this.tally;
  }

  /** Ends without waiting for anything. */
  abandon(): void {
    this.#abandoned = true;
    this.#agent.destroy();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get tally(): SenderTally {
    return { counted: this.#counted, repeated: this.#repeated, failedAttempts: this.#failedAttempts };
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const [batch] = this.#waiting;
      if (batch === undefined || this.#abandoned || this.#failure !== undefined) break;
      if (await this.#attempt(batch)) this.#waiting.shift();
      else await pause(retryMs);
    }
    this.#running = undefined;
  }

  /** Whether the batch needs no further attempt. */
  async #attempt({ route, key, body, lines, onCounted }: Batch): Promise<boolean> {
    let answer: CallAnswer;
    try {
      answer = await call(`${this.#url()}${route}`, {
        body,
        agent: this.#agent,
        timeoutMs,
        headers: { Authorization: `Bearer ${this.#token}`, 'Idempotency-Key': key },
      });
    } catch {
      this.#failedAttempts++;
      return false;
    }
    if (answer.status >= 500 || passing.has(answer.status)) {
      this.#failedAttempts++;
      return false;
    }
    const told = answer.status === 200 ? (JSON.parse(answer.text) as IngestAnswer) : undefined;
    if (told?.accepted !== lines) {
      this.#failure = new Error(`${route} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
      return false;
    }
    this.#counted++;
    if (told.duplicate) this.#repeated++;
    onCounted();
    return true;
  }
}

interface IngestAnswer {
  readonly accepted: number;
  readonly duplicate: boolean;
}
