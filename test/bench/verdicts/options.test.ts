import assert from 'node:assert/strict';
import { jobsOf } from './collect.js';
import { readOptions } from './options.js';
import { rates } from './plan.js';
import { scenarios } from './scenarios.js';

describe('the command line of the benchmark', () => {
  it('runs and writes everything without options', () => {
    const options = readOptions([]);
    assert.equal(options.everything, true);
    assert.equal(options.scenarios, scenarios);
    assert.deepEqual(options.rates, rates);
    assert.equal(options.processes, 2);
  });

  it('only prints where something is chosen', () => {
    for (const argv of [
      ['--scenario', 'healthy'],
      ['--rate', '10,50'],
      ['--runs', '7'],
      ['--judge', 'evidence'],
      ['--policy', 'mine=policy.yaml'],
      ['--variant', 'other=../copy'],
    ]) {
      assert.equal(readOptions(argv).everything, false, argv.join(' '));
    }
    assert.equal(readOptions(['--full']).everything, true);
    assert.equal(readOptions(['--runs', '7', '--write']).everything, true);
  });

  it('names what it does not know', () => {
    assert.throws(() => readOptions(['--scenario', 'ill']), /expected a scenario .*got "ill"/);
    assert.throws(() => readOptions(['--runs', 'many']), /--runs: expected a whole number, got "many"/);
    assert.throws(() => readOptions(['--policy', 'file.yaml']), /--policy: expected NAME=PATH/);
    assert.throws(() => readOptions(['--fast']), /fast/);
    assert.throws(() => readOptions(['--rate', '50', '--write']), /--write: expected everything/);
  });

  it('cuts the runs into jobs without gap or overlap', () => {
    const { scenarios: chosen } = readOptions(['--scenario', 'healthy']);
    const jobs = jobsOf({ scenarios: chosen, rates: [50], runs: 25, full: false, journeys: false });
    assert.deepEqual(
      jobs.map(({ from, count }) => [from, count]),
      [
        [0, 10],
        [10, 10],
        [20, 5],
      ],
    );
  });
});
