import { setTimeout as pause } from 'node:timers/promises';
import type { RolloutSpec } from '../machine/rollout-spec.js';
import { rolloutBackOffMs } from './rollout-back-off.js';
import type { Round, RolloutDriver } from './rollout-driver.js';

/** How a rollout is driven in the foreground. */
export interface DriveOptions {
  /** Read before each round: commands are added to it while it runs. */
  readonly spec: () => RolloutSpec;
  readonly now: () => number;
  /** Ends the drive; the target stays as it is. */
  readonly signal: AbortSignal;
  /** Resolves when something happened that a round should be made of. */
  readonly woken: () => Promise<void>;
  readonly onRound?: (round: Round) => void;
}

/** Makes rounds until the rollout has ended, is gone, or the signal says so; the last round is the answer. */
export async function driveToEnd(driver: RolloutDriver, options: DriveOptions): Promise<Round> {
  const { spec, now, signal, woken, onRound } = options;
  for (let failures = 0; ;) {
    // Before the round, so that what happens in it is not missed.
    const wake = woken();
    const round = await driver.round(spec(), signal);
    onRound?.(round);
    if (signal.aborted || round.kind === 'ended' || round.kind === 'stale' || round.kind === 'gone') {
      return round;
    }
    failures = round.kind === 'unavailable' ? failures + 1 : 0;
    const waitMs = round.kind === 'again' ? round.atMs - now() : rolloutBackOffMs(failures);
    await waitFor(waitMs, wake, signal);
  }
}

const longestWaitMs = 60_000;

async function waitFor(waitMs: number, wake: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const boundedMs = Math.min(Math.max(waitMs, 0), longestWaitMs);
  const timer = pause(boundedMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([timer, wake]);
  signal.removeEventListener('abort', end);
  end();
}
