import assert from 'node:assert/strict';
import { multinomialEvidence, twoSampleDriftEvidence } from '../../src/statistics/drift-evidence.js';
import { logBeta } from '../../src/statistics/log-beta.js';
import { sum } from '../../src/statistics/sums.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';
import { baseline, canaries, type CanaryName } from '../support/reference-histograms.js';

const names = Object.keys(canaries) as readonly CanaryName[];
const tenths = new Array<number>(10).fill(0.1);

describe('drift evidence', () => {
  describe(`golden values: ${referenceSource}`, () => {
    // Dirichlet-multinomial mixture (Lindon and Malek 2022) against a reference that is known exactly.
    const againstShares: Readonly<Record<CanaryName, string>> = {
      similar: '-5.0326111615',
      leaning: '36.3234848271',
      emptied: '4.36401576462',
    };
    for (const name of names) {
      it(`multinomial evidence of the canary "${name}"`, () => {
        assertPrinted(multinomialEvidence(canaries[name], tenths, 44), againstShares[name]);
      });
    }

    // Two-sample beta-binomial mixture against the supremum over the unknown share (universal inference,
    // Wasserman, Ramdas and Balakrishnan 2020), at the concentration of a 5 % canary.
    const twoSample: Readonly<Record<CanaryName, string>> = {
      similar: '-3.9279649801',
      leaning: '12.5374980204',
      emptied: '2.80591561144',
    };
    for (const name of names) {
      it(`two-sample evidence of the canary "${name}" at a concentration of 84`, () => {
        assertPrinted(evidenceAt(canaries[name], baseline, 84), twoSample[name]);
      });
    }

    it('sample ratio of 28,600 to 1,400 requests against 95 to 5 %', () => {
      assertPrinted(multinomialEvidence([28_600, 1_400], [0.95, 0.05], 2000), '2.00006495198');
    });
  });

  it('uses the concentration that gives log-odds a standard deviation of one half', () => {
    for (const weight of [0.01, 0.05, 0.25, 0.5, 0.9]) {
      const concentration = 1 / (0.25 * weight * (1 - weight));
      const found = twoSampleDriftEvidence(canaries.leaning, baseline, weight);
      assert.ok(agree(found, evidenceAt(canaries.leaning, baseline, concentration, weight), 1e-9));
    }
  });

  it('is not moved by bins that are empty in both arms, nor by their order', () => {
    const plain = twoSampleDriftEvidence([4, 9, 2], [50, 40, 10], 0.1);
    assert.ok(agree(twoSampleDriftEvidence([4, 0, 9, 2, 0], [50, 0, 40, 10, 0], 0.1), plain, 1e-12));
    assert.ok(agree(twoSampleDriftEvidence([2, 4, 9], [10, 50, 40], 0.1), plain, 1e-12));
  });

  it('says nothing without counts', () => {
    assert.equal(multinomialEvidence([0, 0], [0.5, 0.5], 44), 0);
  });
});

/** The same mixture written out at a concentration of one's own, its mean at the observed share by default. */
function evidenceAt(
  canary: readonly number[],
  stable: readonly number[],
  concentration: number,
  mean = sum(canary) / (sum(canary) + sum(stable)),
): number {
  const [a, b] = [concentration * mean, concentration * (1 - mean)];
  const [n, m] = [sum(canary), sum(stable)];
  const bins = canary.map((count, j) => logBeta(a + count, b + (stable[j] ?? 0)) - logBeta(a, b));
  return sum(bins) - n * Math.log(n / (n + m)) - m * Math.log(m / (n + m));
}
