import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MinuteValues } from '../../../../src/sources/prometheus/counting/minute-values.js';

const minuteMs = 60_000;

function endsOf(minutes: readonly number[]): readonly number[] {
  return minutes.map((minute) => (minute + 1) * minuteMs);
}

const someMinutes = fc
  .uniqueArray(fc.integer({ min: 100, max: 160 }), { minLength: 1 })
  .map((minutes) => minutes.sort((a, b) => a - b));

describe('values by minute', () => {
  it('are there whatever parts they came in', () => {
    fc.assert(
      fc.property(fc.array(someMinutes, { maxLength: 4 }), (parts) => {
        const values = new MinuteValues();
        const expected = new Map<number, number>();
        for (const [number, minutes] of parts.entries()) {
          values.addAll(
            endsOf(minutes),
            minutes.map((minute) => 1000 * number + minute),
          );
          for (const minute of minutes) expected.set(minute, 1000 * number + minute);
        }
        for (let minute = 90; minute < 170; minute++) {
          assert.equal(values.get(minute), expected.get(minute));
        }
        assert.equal(values.size, expected.size);
        assert.equal(values.firstFrom(90, 170), Math.min(170, ...expected.keys()));
        const from120 = [...expected.keys()].filter((minute) => minute >= 120 && minute < 150);
        assert.equal(values.firstFrom(120, 150), Math.min(150, ...from120));
      }),
    );
  });

  it('leave the answer that they came in as it is', () => {
    const answered = [1, 2, 3];
    const values = new MinuteValues();
    values.addAll(endsOf([10, 11, 12]), answered);
    values.addAll(endsOf([9, 11, 14]), [7, 8, 9]);
    assert.deepEqual(answered, [1, 2, 3]);
    assert.deepEqual(
      [9, 10, 11, 12, 13, 14].map((minute) => values.get(minute)),
      [7, 1, 8, 3, undefined, 9],
    );
  });

  it('tell how far they only rise', () => {
    const values = new MinuteValues();
    values.addAll(endsOf([10, 11, 12, 13, 15]), [4, 4, 6, 5, 9]);
    assert.equal(values.risesUntil(10, 13, 4), 13);
    assert.equal(values.risesUntil(10, 16, 4), 13);
    assert.equal(values.risesUntil(10, 16, 5), 10);
    assert.equal(values.risesUntil(13, 16, 5), 14, 'a minute without one');
    assert.equal(values.risesUntil(15, 30, 5), 30, 'it has ended');
    assert.equal(values.risesUntil(8, 12, 0), 8, 'it has not begun');
  });
});
