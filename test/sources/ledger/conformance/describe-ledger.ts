import type { Ledger } from '../../../../src/sources/index.js';
import { describeCounts } from './counts.js';
import { describeHistory } from './history.js';
import { describeJoins } from './joins.js';
import { describeLives } from './lives.js';
import { describeRepetitions } from './repetitions.js';
import type { OpenLedger } from './scene.js';
import { describeSweeps } from './sweeps.js';

/**
 * What every ledger has to do, whatever its database. A new dialect is tested by one more call; `open` gives an
 * empty ledger each time, and the suite closes it. `manyOutcomes`: more than a statement of the database may have
 * parameters.
 */
export function describeLedger(name: string, open: OpenLedger, manyOutcomes = 40_000): void {
  describe(`the ledger on ${name}`, () => {
    const opened: Ledger[] = [];
    const openOne: OpenLedger = async (settings) => {
      const ledger = await open(settings);
      opened.push(ledger);
      return ledger;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
    });
    describeCounts(openOne);
    describeLives(openOne);
    describeJoins(openOne, manyOutcomes);
    describeRepetitions(openOne);
    describeHistory(openOne);
    describeSweeps(openOne);
  });
}
