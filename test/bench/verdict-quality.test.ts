import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertWritten } from '../support/pages/repository-files.js';
import { checkSample } from './verdicts/check-sample.js';
import { filesOf, readResults } from './verdicts/files.js';
import { judges } from './verdicts/judges/index.js';
import { journeyCells, rates } from './verdicts/plan.js';
import { scenarios } from './verdicts/scenarios.js';

/** The same question for whoever changes the judge, the simulator or the page: do they still belong together? */
const remedy = 'run "npm run bench:verdicts" and look at what changed';

describe('docs/verdict-quality', () => {
  const results = readResults();

  it('tells what the judges say today', () => {
    assert.deepEqual(checkSample(), results.check, remedy);
  });

  it('has a figure for every scenario, rate and judge, and for every journey', () => {
    for (const scenario of scenarios) {
      for (const rate of rates) {
        const told = results.scenarios.filter(
          (cell) => cell.scenario === scenario.name && cell.rate === rate,
        );
        const expected = judges.map(({ name }) => name);
        assert.deepEqual(
          told.map(({ judge }) => judge),
          scenario.lowerConfidence === true ? [...expected, 'evidence-080'] : expected,
          remedy,
        );
      }
    }
    assert.deepEqual(
      results.journeys.map(({ scenario, plan, judge, rate }) => ({ scenario, plan, judge, rate })),
      journeyCells(rates).map(({ scenario, plan, judge, rate }) => ({ scenario, plan, judge, rate })),
      remedy,
    );
  });

  it('is what README.md says of it', () => {
    const of = (scenario: string, judge: string) => {
      const cell = results.scenarios.find(
        (one) => one.scenario === scenario && one.judge === judge && one.rate === 50,
      );
      assert.ok(cell, `${scenario} ${judge}`);
      return cell;
    };
    const everRolledBack = (judge: string) => of('healthy', judge).everRolledBack;
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');
    const told = [
      `${of('healthy', 'evidence').runs} healthy canaries were rolled back like this: `,
      `by the table read every minute ${everRolledBack('one-minute')}, `,
      `by five strikes ${everRolledBack('five-strikes')}, `,
      `by the table on all counts so far ${everRolledBack('threshold')}, `,
      `by ml-verdict ${everRolledBack('evidence')};`,
    ];
    assert.ok(readme.includes(told.join('')), told.join(''));
    const { runs, everRolledBack: found, medianMinutes } = of('errors-2', 'evidence');
    assert.equal(found, runs);
    assert.ok(readme.includes(`half of them within ${medianMinutes} minutes`));
  });

  it('is made from its figures, byte for byte', async () => {
    assertWritten(await filesOf(results), remedy);
  });
});
