import assert from 'node:assert/strict';
import fc from 'fast-check';
import { firstMinute, longestMinutes } from '../../../src/judge/plan/first-minute.js';
import { lookMinutes } from '../../../src/judge/plan/hypothetical-observations.js';

function search(decides: (minutes: number) => boolean, from?: number) {
  const steps = firstMinute(decides, from);
  for (let asked = 0; ; asked++) {
    const step = steps.next();
    if (step.done === true) return { minutes: step.value, asked };
  }
}

describe('first minute', () => {
  it('is exact within two hours, to a look beyond, and takes few questions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: longestMinutes }), (first) => {
        const { minutes, asked } = search((after) => after >= first);
        assert.ok(minutes !== null && minutes >= first);
        // The brackets are powers of two, so looks are those of the next one.
        assert.ok(
          minutes - first < lookMinutes(Math.min(longestMinutes, 2 * minutes)),
          `${minutes}, ${first}`,
        );
        assert.ok(asked <= 24, String(asked));
        if (first <= 120) assert.equal(minutes, first);
      }),
    );
  });

  it('begins where it is told to', () => {
    assert.deepEqual(
      search((minutes) => minutes >= 10, 12),
      { minutes: 12, asked: 1 },
    );
    assert.equal(search((minutes) => minutes >= 50, 12).minutes, 50);
  });

  it('is null where a week does not decide', () => {
    assert.equal(search(() => false).minutes, null);
    assert.equal(search((minutes) => minutes >= longestMinutes).minutes, longestMinutes);
  });
});
