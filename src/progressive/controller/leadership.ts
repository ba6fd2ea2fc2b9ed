import { setTimeout as pause } from 'node:timers/promises';
import type { ControllerLog } from './controller-log.js';
import { Lease, type LeaseOptions, type LeaseTimings } from './lease.js';

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
  /** Is told of each try, whether the API server answered: a candidate that cannot ask is of no use. */
  readonly onTry?: (isAnswered: boolean) => void;
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
    const heldFromMs = await acquire(lease, options, signal);
    if (heldFromMs === undefined) return;
    options.log.info({ identity: options.identity }, 'leading');
    options.onChange?.(true);
    const term = new AbortController();
    const isOverToo = AbortSignal.any([signal, term.signal]);
    const kept = keep(lease, heldFromMs, options, term, isOverToo);
    await lead(isOverToo);
    term.abort();
    await kept;
    options.onChange?.(false);
    if (isOver(signal)) {
      await lease.release(AbortSignal.timeout(releaseMs));
      options.log.info({ identity: options.identity }, 'gave up leading');
    }
  }
}

/** Since when it is held, by the own clock, from before it was asked for; undefined: the signal came. */
async function acquire(
  lease: Lease,
  { timings, elapsedMs, log, onTry }: LeadershipOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  let told = '';
  while (!isOver(signal)) {
    const askedMs = elapsedMs();
    const tried = await lease.acquire(signal);
    if (isOver(signal)) return undefined;
    onTry?.(tried.kind !== 'failed');
    if (tried.kind === 'held') return askedMs;
    const text = tried.kind === 'other' ? `${tried.holder} leads` : tried.reason;
    if (text !== told) log.info({ reason: text }, 'waiting to lead');
    told = text;
    await sleep(timings.retryEveryMs, signal);
  }
  return undefined;
}

/** Renews until the term is over; ends the term when that was not possible for too long. */
async function keep(
  lease: Lease,
  heldFromMs: number,
  { timings, elapsedMs, log, onTry }: LeadershipOptions,
  term: AbortController,
  signal: AbortSignal,
): Promise<void> {
  let renewedMs = heldFromMs;
  const end = (reason: string): void => {
    if (!isOver(signal)) log.warn({ reason }, 'not leading any more');
    term.abort();
  };
  for (let waitMs = timings.renewEveryMs; ;) {
    const leftMs = renewedMs + timings.deadlineMs - elapsedMs();
    const deadline = setTimeout(end, Math.max(0, leftMs), 'the lease could not be renewed in time');
    await sleep(waitMs, signal);
    const askedMs = elapsedMs();
    const tried = isOver(signal) ? undefined : await lease.renew(signal);
    clearTimeout(deadline);
    if (isOver(signal) || tried === undefined) return;
    onTry?.(tried.kind !== 'failed');
    if (tried.kind === 'other') {
      end(`${tried.holder === '' ? 'another' : tried.holder} leads`);
      return;
    }
    if (tried.kind === 'held') renewedMs = askedMs;
    else log.warn({ reason: tried.reason }, 'the lease was not renewed');
    waitMs = tried.kind === 'held' ? timings.renewEveryMs : renewAgainMs;
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
