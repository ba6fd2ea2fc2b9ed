import assert from 'node:assert/strict';
import { blameEvidence } from '../../src/statistics/blame-evidence.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

const look = (canaryEvents: number, canaryTrials: number, stableEvents: number, stableTrials: number) => ({
  canaryEvents,
  canaryTrials,
  stableEvents,
  stableTrials,
});

describe('blame evidence', () => {
  // Sampling without replacement is dominated by sampling with it (Hoeffding 1963).
  it(`golden value of 6 of 20 errors on 5 % of the requests: ${referenceSource}`, () => {
    assertPrinted(blameEvidence([look(6, 150, 14, 2850)]), '5.17702981704');
  });

  it('is an e-value when both arms fail alike: its mean is at most 1', () => {
    // 5 errors fall on 30 canary and 70 stable requests at random: hypergeometric.
    let mean = 0;
    for (let canary = 0; canary <= 5; canary++) {
      const chance = (choose(30, canary) * choose(70, 5 - canary)) / choose(100, 5);
      mean += chance * Math.exp(blameEvidence([look(canary, 30, 5 - canary, 70)]));
    }
    assert.ok(mean <= 1 + 1e-12, `got ${mean}`);
  });

  it('is not raised by an incident that hits both arms alike, however large', () => {
    const quiet = look(1, 100, 19, 1900);
    const incident = look(40, 100, 760, 1900);
    assert.ok(blameEvidence([quiet, incident]) < blameEvidence([quiet]));
  });

  it('skips looks without requests, and says nothing of nothing', () => {
    const busy = look(6, 150, 14, 2850);
    assert.ok(agree(blameEvidence([look(0, 0, 0, 0), busy]), blameEvidence([busy]), 1e-15));
    assert.equal(blameEvidence([]), 0);
  });

  it('takes factors of its own', () => {
    const [only] = [look(6, 150, 14, 2850)];
    assert.ok(agree(blameEvidence([only], [4]), 6 * Math.log(4) - 20 * Math.log1p(0.15), 1e-12));
  });
});

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result *= (n - i) / (i + 1);
  return result;
}
