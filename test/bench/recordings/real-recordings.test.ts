import assert from 'node:assert/strict';
import { assertWritten } from '../../support/pages/repository-files.js';
import { filesOf, readResults } from './files.js';
import { RecordingBench } from './measure.js';
import type { Courses } from './results.js';
import { splits, splitPlans } from './split-plans.js';

const results = readResults();
const again = 'run "npm run bench:recordings" and look at what changed';

/** One split's entry of what is kept of all. */
function at(courses: Courses | undefined, split: number) {
  return { first: courses?.first[split], rollback: courses?.rollback[split], end: courses?.end[split] };
}

describe('the page of real recordings', () => {
  it('is made from its figures, byte for byte', async () => {
    assertWritten(await filesOf(results), again);
  });

  it('has figures of every judge, split and step', () => {
    assert.deepEqual([results.splits, results.tables.length], [splits, splitPlans.length]);
    for (const { judges, guardrails, steps } of results.tables) {
      assert.deepEqual(
        Object.keys(judges),
        results.judges.map(({ name }) => name),
      );
      assert.equal(Object.keys(guardrails).length, 5);
      for (const courses of Object.values(judges)) {
        for (const values of Object.values<readonly number[]>({ ...courses })) {
          assert.equal(values.length, splits);
          assert.ok(values.every((step) => Math.abs(step) <= steps.length));
        }
      }
    }
  });

  describe('judged again', () => {
    let bench: RecordingBench;
    before(() => {
      bench = new RecordingBench();
    });

    for (const [table, split] of [
      [0, 17],
      [1, 199],
    ] as const) {
      it(`says the same of split ${split} at ${splitPlans[table]?.title ?? ''}`, () => {
        const expected = results.tables[table];
        assert.ok(expected);
        assert.deepEqual(bench.stepsOf(table), expected.steps);
        const { judges, guardrails } = bench.measureSplit(table, split);
        for (const [name, { first, rollback, end }] of judges) {
          assert.deepEqual({ first, rollback, end }, at(expected.judges[name], split), `${name}: ${again}`);
        }
        for (const [name, { evidence, literal }] of guardrails) {
          assert.deepEqual(evidence, at(expected.guardrails[name]?.evidence, split), `${name}: ${again}`);
          assert.deepEqual(literal, at(expected.guardrails[name]?.literal, split), `${name}: ${again}`);
        }
      });
    }

    it('says the same of two candidates', () => {
      for (const name of ['explained-forest', 'utc-hour']) {
        const expected = results.candidates.find((one) => one.name === name);
        assert.deepEqual(bench.measureCandidate(name), expected, again);
      }
    });
  });
});
