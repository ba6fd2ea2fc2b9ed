import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WaitingLine } from '../../../src/ingest/events/waiting-line.js';

describe('WaitingLine', () => {
  it('is a queue', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3)), (steps) => {
        const line = new WaitingLine<number>();
        const expected: number[] = [];
        for (const [index, step] of steps.entries()) {
          if (step === 0) assert.equal(line.shift(), expected.shift());
          else {
            line.push(index);
            expected.push(index);
          }
          assert.equal(line.length, expected.length);
        }
      }),
    );
  });

  it('stays a queue when it is long and never empty', () => {
    const line = new WaitingLine<number>();
    for (let number = 0; number < 10; number++) line.push(number);
    for (let number = 0; number < 10_000; number++) {
      line.push(number + 10);
      assert.equal(line.shift(), number);
    }
    assert.equal(line.length, 10);
  });
});
