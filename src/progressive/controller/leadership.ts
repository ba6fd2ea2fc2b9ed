import { setTimeout as pause } from 'node:timers/promises';
import type { ControllerLog } from './controller-log.js';
import { Lease, type LeaseOptions, type LeaseTimings, type LeaseTry } from './lease.js';

export const defaultLeaseTimings: LeaseTimings = {
  durationMs: 15_000,
  renewEveryMs: 5_000,
  deadlineMs: 10_000,
  retryEveryMs: 2_000,
};

/** A renewal that failed is tried again after this. */
const renewAgainMs = 1_000;
const releaseMs = 3_000;

export interface LeadershipOptions extends LeaseOptions {
  readonly log: ControllerLog;
  readonly onChange?: (isLeading: boolean) => void;
  /** Is told of each try what came in the way, undefined: nothing. A candidate that cannot ask for the lease is of no use. */
  readonly onTry?: (obstacle: string | undefined) => void;
}

/**
 * Lets one of several replicas do the work. Waits until the lease is free, then leads until it is lost or the signal says so;
 * after a loss it waits again. What is led gets a signal that is aborted before another could have taken over.
 */
export async function leadWhenElected(
  options: LeadershipOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!isOver(signal)) {
    const lease = new Lease(options);
    const term = new AbortController();
    const deadline = new Deadline(options.timings.deadlineMs, () => {
      options.log.warn({}, 'not leading any more: the lease could not be renewed in time');
      term.abort();
    });
    if (!(await acquire(lease, deadline, options, signal))) {
      // It may have been had in the same instant.
      await lease.release(AbortSignal.timeout(releaseMs));
      return;
    }
    options.log.info({ identity: options.identity }, 'leading');
    options.onChange?.(true);
    const isOverToo = AbortSignal.any([signal, term.signal]);
    const kept = keep(lease, deadline, options, term, isOverToo);
    let hasFailed = false;
    try {
      await lead(isOverToo);
    } catch (error) {
      // A mistake of ours, or of what it is made with: another may do better, or this one a little later.
      hasFailed = true;
      options.log.error({ error: String(error) }, 'leading failed');
    } finally {
      term.abort();
      await kept;
      deadline.clear();
      options.onChange?.(false);
    }
    if (hasFailed || isOver(signal)) {
      await lease.release(AbortSignal.timeout(releaseMs));
      options.log.info({ identity: options.identity }, 'gave up leading');
    }
    if (hasFailed) await sleep(options.timings.retryEveryMs, signal);
  }
}

/**
 * By when the lease has to be renewed: a time after the last request that renewed it was sent, which is before others can have
 * seen it. By a timer, which no setting of the clock moves.
 */
class Deadline {
  readonly #ms: number;
  readonly #onPassed: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, onPassed: () => void) {
    this.#ms = ms;
    this.#onPassed = onPassed;
  }

  /** Makes a try; where it succeeds the deadline counts from its start. */
  async movedBy(make: () => Promise<LeaseTry>): Promise<LeaseTry> {
    const next = setTimeout(this.#onPassed, this.#ms);
    const before = this.#timer;
    const tried = await make();
    const isHeld = tried.kind === 'held';
    clearTimeout(isHeld ? before : next);
    if (isHeld) this.#timer = next;
    return tried;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** True once it is held; false: the signal came. */
async function acquire(
  lease: Lease,
  deadline: Deadline,
  { timings, log, onTry }: LeadershipOptions,
  signal: AbortSignal,
): Promise<boolean> {
  let told = '';
  while (!isOver(signal)) {
    const tried = await deadline.movedBy(() => lease.acquire(timings.retryEveryMs, signal));
    onTry?.(obstacleIn(tried));
    if (isOver(signal)) deadline.clear();
    else if (tried.kind === 'held') return true;
    if (isOver(signal)) return false;
    const text =
      tried.kind === 'other' ? `${tried.holder} leads` : tried.kind === 'failed' ? tried.reason : '';
    if (text !== told) log.info({ reason: text }, 'waiting to lead');
    told = text;
    await sleep(timings.retryEveryMs, signal);
  }
  return false;
}

/** Renews until the term is over; ends the term when somebody else has the lease. */
async function keep(
  lease: Lease,
  deadline: Deadline,
  { timings, log, onTry }: LeadershipOptions,
  term: AbortController,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = timings.renewEveryMs; ;) {
    await sleep(waitMs, signal);
    if (isOver(signal)) return;
    const tried = await deadline.movedBy(() => lease.renew(signal));
    if (isOver(signal)) return;
    onTry?.(obstacleIn(tried));
    if (tried.kind === 'other') {
      log.warn({ holder: tried.holder }, 'not leading any more: another leads');
      term.abort();
      return;
    }
    if (tried.kind === 'failed') log.warn({ reason: tried.reason }, 'the lease was not renewed');
    waitMs = tried.kind === 'held' ? timings.renewEveryMs : renewAgainMs;
  }
}

function obstacleIn(tried: LeaseTry): string | undefined {
  return tried.kind === 'failed' ? tried.reason : undefined;
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
