import type { EventResult } from './event-result.js';
import type { EventTarget } from './event-target.js';
import { LostHalves } from './lost-halves.js';
import { RecentKeys } from './recent-keys.js';
import type { ServedCall } from './served-call.js';

/** What is particular to the half of a call that has come. */
export interface Half {
  /** Of the call. */
  readonly key: string;
  readonly target: EventTarget;
  /** Of the version. */
  readonly version: string;
  readonly responseWithinMs: number;
  /** When it happened, as the event says. */
  readonly atMs: number | undefined;
}

export interface RequestHalf extends Half {
  /** Without a body, as health checks are. */
  readonly empty: boolean;
}

export interface ResponseHalf extends Half {
  readonly call: ServedCall;
  /** How the call counts, unless it turns out to be no inference. */
  readonly result: EventResult;
  readonly empty: boolean;
}

type OpenCall =
  | ({ readonly kind: 'request'; readonly arrivedMs: number } & RequestHalf)
  | ({ readonly kind: 'response'; readonly arrivedMs: number } & ResponseHalf);

/** What becomes of calls. */
export interface CallOutcomes {
  /**
   * A call is to be counted; `result` is that of the event that decided it. `onTaken` is called once the model has taken
   * the names in it.
   */
  readonly count: (call: ServedCall, result: EventResult, onTaken?: () => void) => void;
  /** An event has come to its end without being what a call is counted for. */
  readonly settle: (result: EventResult) => void;
  /** Whether the model has taken this version: a path can name any. */
  readonly isKnown: (target: EventTarget) => boolean;
}

/** A request may arrive so much later than its response: they are sent by different workers. */
const requestLagMs = 5000;

/** The longest time in which a response may come: what older calls have left behind is forgotten. */
const longestMs = 3_600_000;

/**
 * Calls of which one half has come, in mode `all`. Halves arrive in either order. Nothing is guessed: a request counts as
 * an error only when its time is over and its response cannot have been lost on the way.
 */
export class OpenCalls {
  readonly #limit: number;
  readonly #outcomes: CallOutcomes;
  readonly #open = new Map<string, OpenCall>();
  readonly #givenUp: RecentKeys;
  readonly #lost = new LostHalves();

  constructor(limit: number, outcomes: CallOutcomes) {
    this.#limit = limit;
    this.#outcomes = outcomes;
    this.#givenUp = new RecentKeys(longestMs, limit);
  }

  get size(): number {
    return this.#open.size;
  }

  request(request: RequestHalf, nowMs: number): void {
    const other = this.#open.get(request.key);
    if (other?.kind === 'response') {
      this.#open.delete(request.key);
      this.#pair(request, other, nowMs - other.arrivedMs);
    } else if (other !== undefined) {
      this.#outcomes.settle('duplicate');
    } else if (this.#open.size >= this.#limit) {
      this.#outcomes.settle('shed');
    } else {
      this.#open.set(request.key, { kind: 'request', arrivedMs: nowMs, ...request });
    }
  }

  response(response: ResponseHalf, nowMs: number): void {
    const other = this.#open.get(response.key);
    if (other?.kind === 'request') {
      this.#open.delete(response.key);
      this.#pair(other, response, nowMs - other.arrivedMs);
    } else if (other !== undefined) {
      this.#outcomes.settle('duplicate');
    } else if (this.#givenUp.has(response.key)) {
      // It counts as an error already.
      this.#outcomes.settle('unpaired');
    } else if (this.#open.size >= this.#limit) {
      this.#countAlone(response, nowMs);
    } else {
      this.#open.set(response.key, { kind: 'response', arrivedMs: nowMs, ...response });
    }
  }

  /** Says that an answer of the model was none to an inference; so its request was none either. */
  notInference(key: string): void {
    this.#outcomes.settle('ignored');
    if (this.#open.get(key)?.kind !== 'request') return;
    this.#open.delete(key);
    this.#outcomes.settle('ignored');
  }

  /** Says that a response came and cannot be looked at: its request is no error. */
  lostResponse(half: Half, nowMs: number): void {
    if (this.#open.get(half.key)?.kind === 'request') {
      this.#open.delete(half.key);
      this.#outcomes.settle('unpaired');
    } else if (this.#outcomes.isKnown(half.target)) {
      this.#noteLost(half, nowMs);
    }
  }

  /**
   * Decides calls whose other half will not come any more, at most so many; answers how many those were, 0 once there are
   * none left. Responses come first: each may excuse a request.
   */
  expire(nowMs: number, most: number): number {
    this.#lost.sweep(longestMs, nowMs);
    return this.#expireHalves('response', nowMs, most) || this.#expireHalves('request', nowMs, most);
  }

  /**
   * Counts what can be counted and forgets the rest: of a request whose time is not over nothing is known. At most so
   * many calls at once; answers how many those were.
   */
  close(nowMs: number, most: number): number {
    let decided = 0;
    for (const [key, call] of this.#open) {
      if (decided >= most) break;
      decided++;
      this.#open.delete(key);
      if (call.kind === 'response') this.#countAlone(call, nowMs);
      else this.#outcomes.settle('unpaired');
    }
    return decided;
  }

  #expireHalves(kind: OpenCall['kind'], nowMs: number, most: number): number {
    let decided = 0;
    for (const [key, call] of this.#open) {
      if (decided >= most) break;
      if (call.kind !== kind) continue;
      const age = nowMs - call.arrivedMs;
      const isOver = age < 0 || age >= (call.kind === 'response' ? requestLagMs : call.responseWithinMs);
      if (!isOver) continue;
      decided++;
      this.#open.delete(key);
      if (call.kind === 'response') this.#countAlone(call, nowMs);
      else this.#giveUp(call, nowMs);
    }
    return decided;
  }

  #pair(request: RequestHalf, response: ResponseHalf, apartMs: number): void {
    if (request.empty) {
      this.#outcomes.settle('ignored');
      this.#outcomes.settle('ignored');
      return;
    }
    const { call } = response;
    const latencyMs = latencyOf(request, response, apartMs);
    this.#outcomes.settle('paired');
    this.#outcomes.count(
      {
        ...call,
        atMs: request.atMs ?? call.atMs,
        ...(latencyMs === undefined ? {} : { latencyMs }),
      },
      response.result,
    );
  }

  #countAlone(response: ResponseHalf, nowMs: number): void {
    if (response.empty) {
      this.#outcomes.settle('ignored');
      if (this.#outcomes.isKnown(response.target)) this.#noteLost(response, nowMs);
      return;
    }
    this.#outcomes.count(response.call, response.result, () => {
      this.#noteLost(response, nowMs);
    });
  }

  /** Only of versions that the model has taken: a path can name any number of others. */
  #noteLost({ version, responseWithinMs }: Half, nowMs: number): void {
    this.#lost.add(version, responseWithinMs, nowMs);
  }

  #giveUp(request: RequestHalf & { readonly arrivedMs: number }, nowMs: number): void {
    if (request.empty) {
      this.#outcomes.settle('ignored');
      return;
    }
    if (this.#lost.take(request.version, request.responseWithinMs, nowMs)) {
      this.#outcomes.settle('unpaired');
      return;
    }
    this.#givenUp.add(request.key, nowMs);
    const { target, atMs, arrivedMs } = request;
    this.#outcomes.count({ target, atMs: atMs ?? arrivedMs, failed: true, predictions: [] }, 'unanswered');
  }
}

/** A latency longer than the halves were apart on arrival by this much tells of a clock that was moved. */
const latencySlackMs = 10_000;

/** The time between request and response by the clock of their sender; undefined where that cannot be right. */
function latencyOf(request: Half, response: Half, apartMs: number): number | undefined {
  if (request.atMs === undefined || response.atMs === undefined) return undefined;
  const latencyMs = response.atMs - request.atMs;
  return latencyMs >= 0 && latencyMs <= apartMs + latencySlackMs ? latencyMs : undefined;
}
