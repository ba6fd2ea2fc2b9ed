import assert from 'node:assert/strict';
import { minuteMs } from '../simulation/minute-span.js';
import { countsByMinute, unseenOf, type ObservedLife } from './oracle.js';
import { Tally } from './tally.js';

const zeroMs = Date.UTC(2026, 0, 5, 10);

function served(requests: number): Tally {
  const tally = new Tally();
  tally.add({ code: '200', latencyMs: 10 }, requests);
  return tally;
}

/** A life by its scrapes: seconds and how much had been served by then. */
function life(
  scrapes: readonly (readonly [second: number, requests: number])[],
  more: Partial<ObservedLife> = {},
): ObservedLife {
  return {
    version: 'v2',
    countsFromZero: true,
    carried: new Tally(),
    scrapes: scrapes.map(([second, requests]) => ({
      timeMs: zeroMs + second * 1000,
      tally: served(requests),
    })),
    served: served(scrapes.at(-1)?.[1] ?? 0),
    ...more,
  };
}

/** Requests of v2 by minute. */
function minutes(lives: readonly ObservedLife[]): Readonly<Record<number, number>> {
  const counts = countsByMinute(lives).get('v2') ?? new Map<number, Tally>();
  return Object.fromEntries(
    [...counts].map(([startMs, tally]) => [(startMs - zeroMs) / minuteMs, tally.requests]),
  );
}

describe('exact counts by minute', () => {
  it('are what came since the last scrape at or before the start of the minute', () => {
    const scrapes = [
      [50, 5],
      [80, 9],
      [110, 14],
      [140, 20],
    ] as const;
    assert.deepEqual(minutes([life(scrapes)]), { 0: 5, 1: 9, 2: 6 });
  });

  it('have a scrape exactly at the end of a minute in it', () => {
    assert.deepEqual(
      minutes([
        life([
          [60, 5],
          [120, 7],
          [121, 8],
        ]),
      ]),
      { 0: 5, 1: 2, 2: 1 },
    );
  });

  it('leave out what a process had served before anybody could know', () => {
    const old = life(
      [
        [10, 1000],
        [40, 1003],
      ],
      { countsFromZero: false },
    );
    assert.deepEqual(minutes([old]), { 0: 3 });
    assert.equal(unseenOf(old).requests, 1000);
  });

  it('begin from zero with every process, whatever the one before had served', () => {
    const before = life([[10, 50]], { served: served(58) });
    assert.deepEqual(minutes([before, life([[40, 60]])]), { 0: 110 });
    assert.equal(unseenOf(before).requests, 8);
  });

  it('have what came in a gap of the scrapes in the minute of the next one', () => {
    assert.deepEqual(
      minutes([
        life([
          [50, 5],
          [230, 90],
        ]),
      ]),
      { 0: 5, 3: 85 },
    );
  });

  it('of nothing are none, and all is unseen', () => {
    const never = life([], { served: served(4) });
    assert.deepEqual(minutes([never]), {});
    assert.equal(unseenOf(never).requests, 4);
  });
});
