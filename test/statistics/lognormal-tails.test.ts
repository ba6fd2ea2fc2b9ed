import { lognormalTails } from '../../src/statistics/lognormal-tails.js';
import { closeTo } from '../support/close-to.js';

describe('shares of a lognormal above bounds', () => {
  it('are those of scipy 1.17.1 (stats.lognorm.sf with sigma 1 and a p99, or a median, of 150)', () => {
    const expected = [
      0.10977312166978787, 0.01, 0.004474059657670187, 0.0002075281330953341, 2.7235166263221745e-9,
    ];
    lognormalTails([50, 150, 200, 500, 5000], 0.99, 150, 1).forEach((tail, i) => {
      closeTo(tail, expected[i] ?? NaN, 1e-12);
    });
  });

  it('lie closer together where sigma is smaller', () => {
    const [narrow = NaN] = lognormalTails([300], 0.5, 150, 0.5);
    const [wide = NaN] = lognormalTails([300], 0.5, 150, 1);
    closeTo(narrow, 0.08282851900169846, 1e-12);
    closeTo(wide, 0.24410859578558275, 1e-12);
  });
});
