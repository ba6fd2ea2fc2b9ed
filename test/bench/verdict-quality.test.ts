import assert from 'node:assert/strict';
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

  it('is made from its figures, byte for byte', async () => {
    assertWritten(await filesOf(results), remedy);
  });
});
