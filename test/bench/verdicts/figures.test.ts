import assert from 'node:assert/strict';
import { figuresOf, minuteReached } from './figures.js';
import type { Outcome } from './run-scenario.js';
import { addTallies, noRuns, tallyOf } from './tally.js';

const outcomes: readonly Outcome[] = [
  { first: 'promote', minute: 3, rolledBack: false, promotedBeforeOnset: true },
  { first: 'promote', minute: 12, rolledBack: true, promotedBeforeOnset: false },
  { first: 'rollback', minute: 5, rolledBack: true, promotedBeforeOnset: false },
  { first: 'rollback', minute: -4, rolledBack: true, promotedBeforeOnset: false },
  { first: null, minute: null, rolledBack: false, promotedBeforeOnset: false },
];
const tally = outcomes.map(tallyOf).reduce(addTallies, noRuns);

describe('the figures of the benchmark', () => {
  it('count every run once, by its first verdict', () => {
    assert.deepEqual(figuresOf(tally, 'promote'), {
      runs: 5,
      everRolledBack: 3,
      promotedBeforeOnset: 1,
      firstPromoted: 2,
      firstRolledBack: 2,
      wrong: 2,
      medianMinutes: null,
      p95Minutes: null,
      undecidedAfter10: 2,
      undecidedAfter30: 1,
      undecidedAfter60: 1,
    });
  });

  it('call a promote wrong for a faulty canary, and a rollback before its fault', () => {
    assert.equal(figuresOf(tally, 'rollback').wrong, 3);
    assert.equal(figuresOf(tally, 'hold').wrong, null);
  });

  it('take the minutes over all runs, also those that never get there', () => {
    assert.equal(minuteReached([0, 2, 0, 1], 4, 0.5), 2);
    assert.equal(minuteReached([0, 2, 0, 1], 4, 0.75), 4);
    assert.equal(minuteReached([0, 2, 0, 1], 4, 0.95), null);
  });
});
