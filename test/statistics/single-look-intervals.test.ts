import assert from 'node:assert/strict';
import {
  clopperPearsonInterval,
  jeffreysInterval,
  normal975,
  wilsonInterval,
} from '../../src/statistics/single-look-intervals.js';
import { assertPrinted, referenceSource } from '../support/assert-printed.js';

describe(`single-look intervals of 12 events in 600 trials: ${referenceSource}`, () => {
  it('Wilson 1927', () => {
    const [low, high] = wilsonInterval(12, 600);
    assertPrinted(low, '0.011477178627');
    assertPrinted(high, '0.0346300543461');
  });

  it('Clopper and Pearson 1934', () => {
    const [low, high] = clopperPearsonInterval(12, 600);
    assertPrinted(low, '0.0103759534832');
    assertPrinted(high, '0.0346751596861');
  });

  it("equal tails of Jeffreys' posterior", () => {
    const [low, high] = jeffreysInterval(12, 600);
    assertPrinted(low, '0.0109784816023');
    assertPrinted(high, '0.0336231195374');
  });

  it('reaches the ends where every trial or none is an event', () => {
    assert.equal(clopperPearsonInterval(0, 30)[0], 0);
    assert.equal(clopperPearsonInterval(30, 30)[1], 1);
    assert.equal(wilsonInterval(0, 30)[0], 0);
    assertPrinted(wilsonInterval(30, 30)[1], '1');
  });

  it('has the 97.5 % point of the normal distribution', () => {
    // The density from 0 to the point, by Simpson's rule.
    const steps = 2000;
    const width = normal975 / steps;
    let area = 0;
    for (let i = 0; i <= steps; i++) {
      const factor = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
      area += factor * Math.exp(-((i * width) ** 2) / 2);
    }
    assertPrinted((area * width) / 3 / Math.sqrt(2 * Math.PI), '0.475000000000');
  });
});
