import assert from 'node:assert/strict';
import {
  gTest,
  hellingerDistance,
  jensenShannonDistance,
  largestCumulativeDifference,
  pearsonTest,
  wassersteinDistance,
} from '../../src/statistics/histogram-distances.js';
import { plainShares } from '../../src/statistics/population-stability-index.js';
import { assertPrinted, referenceSource } from '../support/assert-printed.js';
import { baseline, canaries, type CanaryName } from '../support/reference-histograms.js';

interface Golden {
  readonly jensenShannonE: string;
  readonly jensenShannon2: string;
  readonly cumulative: string;
  readonly hellinger: string;
  readonly wasserstein: readonly [string, string];
  readonly pearson: readonly [string, string];
  readonly g: readonly [string, string];
}

const golden: Readonly<Record<CanaryName, Golden>> = {
  similar: {
    jensenShannonE: '0.0389017070721',
    jensenShannon2: '0.0467257121043',
    cumulative: '0.02',
    hellinger: '0.0389145237006',
    wasserstein: ['0.006', '0.07'],
    pearson: ['1.09117964623', '0.999197025555'],
    g: ['1.09699447221', '0.999179512426'],
  },
  leaning: {
    jensenShannonE: '0.118605795021',
    jensenShannon2: '0.142460078212',
    cumulative: '0.13',
    hellinger: '0.11917069257',
    wasserstein: ['0.081', '4.72'],
    pearson: ['55.2499496435', '1.09140093698e-8'],
    g: ['56.2693384502', '6.97220309903e-9'],
  },
  emptied: {
    jensenShannonE: '0.223420513788',
    jensenShannon2: '0.268355385694',
    cumulative: '0.15',
    hellinger: '0.255721486201',
    wasserstein: ['0.115', '10.8'],
    pearson: ['22.8881987578', '0.00645234916931'],
    g: ['30.6829720354', '0.00033546973962'],
  },
};

/** Of ten bins: evenly spaced, and not. */
const edges = {
  even: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
  uneven: [-2, -1, 0, 0.5, 1, 2, 5, 10, 100],
} as const;

describe(`histogram distances: ${referenceSource}`, () => {
  for (const name of Object.keys(golden) as readonly CanaryName[]) {
    const canary = canaries[name];
    const expected = golden[name];
    const [p, q] = [plainShares(canary), plainShares(baseline)];

    it(`Jensen-Shannon distance of "${name}" in base e and base 2`, () => {
      assertPrinted(jensenShannonDistance(p, q, Math.E), expected.jensenShannonE);
      assertPrinted(jensenShannonDistance(p, q), expected.jensenShannon2);
    });

    it(`Kolmogorov-Smirnov on the bins and Hellinger distance of "${name}"`, () => {
      assertPrinted(largestCumulativeDifference(p, q), expected.cumulative);
      assertPrinted(hellingerDistance(p, q), expected.hellinger);
    });

    it(`Wasserstein distance of "${name}" between the finite edges`, () => {
      const near = (found: number, printed: string) => {
        assert.ok(Math.abs(found - Number(printed)) <= 1e-12 * Number(printed), `${found}, not ${printed}`);
      };
      near(wassersteinDistance(p, q, edges.even), expected.wasserstein[0]);
      near(wassersteinDistance(p, q, edges.uneven), expected.wasserstein[1]);
    });

    // Pearson 1900 and Wilks 1938; p-values of a chi-square with nine degrees of freedom.
    it(`Pearson's test and the G test of "${name}", statistic and p-value`, () => {
      const pearson = pearsonTest(canary, baseline);
      assertPrinted(pearson.statistic, expected.pearson[0], 'Pearson');
      assertPrinted(pearson.pValue, expected.pearson[1], 'p of Pearson');
      const g = gTest(canary, baseline);
      assertPrinted(g.statistic, expected.g[0], 'G');
      assertPrinted(g.pValue, expected.g[1], 'p of G');
    });
  }

  it('all are 0 for equal histograms and 1 for those that do not touch', () => {
    const [left, right] = [
      [1, 0],
      [0, 1],
    ] as const;
    for (const distance of [jensenShannonDistance, largestCumulativeDifference, hellingerDistance]) {
      assert.equal(distance(left, left), 0);
      assertPrinted(distance(left, right), '1');
    }
  });

  it('Wasserstein: how far the shares have to move, whichever way, and nothing beyond the outer edges', () => {
    const [near, far] = [
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ];
    assert.equal(wassersteinDistance(near, far, [0, 1, 5]), 1);
    assert.equal(wassersteinDistance(far, near, [0, 1, 5]), 1);
    assert.equal(wassersteinDistance([1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 5]), 5);
    assert.equal(wassersteinDistance([1, 0, 0, 0], near, [0, 1, 5]), 0);
    assert.equal(wassersteinDistance(near, near, [0, 1, 5]), 0);
  });

  it('has no bound on the sharpness of a p-value: far apart is not exactly 0', () => {
    const { pValue } = pearsonTest([400, 100, 0], [100, 400, 500]);
    assert.ok(pValue > 0, `got ${pValue}`);
    assert.ok(pValue < 1e-100, `got ${pValue}`);
  });

  it('says that a single bin differs in nothing', () => {
    assert.deepEqual(gTest([5], [7]), { statistic: 0, pValue: 1 });
    assert.deepEqual(pearsonTest([5], [7]), { statistic: 0, pValue: 1 });
  });
});
