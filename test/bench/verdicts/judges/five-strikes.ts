import type { StreamJudge } from './stream-judge.js';

const strikesAllowed = 5;
const goodLooksAsked = 5;

/**
 * Flagger's rule on the table of the last minute: a minute in which any limit is breached is a failed check; failed
 * checks are counted and never forgotten, and the fifth rolls back. Five other minutes go on to the next step.
 */
export const fiveStrikes: StreamJudge = {
  name: 'five-strikes',
  title: 'one minute, five strikes',
  begin: () => {
    let strikes = 0;
    let good = 0;
    let step = 0;
    return (view) => {
      if (view.step !== step) {
        step = view.step;
        good = 0;
      }
      if (view.lastMinute === 'rollback') strikes += 1;
      else good += 1;
      if (strikes >= strikesAllowed) return 'rollback';
      return good >= goodLooksAsked ? 'promote' : 'hold';
    };
  },
};
