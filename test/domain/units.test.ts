import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatChange,
  formatInstant,
  formatMilliseconds,
  formatOdds,
  formatPercent,
  formatSeconds,
  parseFraction,
  parseMilliseconds,
  parseNumber,
  parseSeconds,
  parseWeightPercent,
  trimNumber,
  type UnitResult,
} from '../../src/domain/units.js';
import { agree } from '../support/assert-printed.js';

type Parser = (value: number | string) => UnitResult;

const accepted: readonly (readonly [string, Parser, number | string, number])[] = [
  ['fraction', parseFraction, '0.5%', 0.005],
  ['fraction', parseFraction, ' -3 % ', -0.03],
  ['fraction', parseFraction, '+2.5%', 0.025],
  ['fraction', parseFraction, '.5%', 0.005],
  ['fraction', parseFraction, '1e-1%', 0.001],
  ['fraction', parseFraction, '150%', 1.5],
  ['fraction', parseFraction, 0.005, 0.005],
  ['number', parseNumber, '0.2', 0.2],
  ['number', parseNumber, ' 10 ', 10],
  ['number', parseNumber, -4, -4],
  ['milliseconds', parseMilliseconds, '200ms', 200],
  ['milliseconds', parseMilliseconds, '0.5s', 500],
  ['milliseconds', parseMilliseconds, '1 S', 1000],
  ['milliseconds', parseMilliseconds, 350, 350],
  ['seconds', parseSeconds, '90s', 90],
  ['seconds', parseSeconds, '2m', 120],
  ['seconds', parseSeconds, '1.5h', 5400],
  ['seconds', parseSeconds, '7d', 604_800],
  ['seconds', parseSeconds, '500ms', 0.5],
  ['seconds', parseSeconds, '0', 0],
  ['seconds', parseSeconds, 45, 45],
  ['weight', parseWeightPercent, '5', 0.05],
  ['weight', parseWeightPercent, '5%', 0.05],
  ['weight', parseWeightPercent, '12.5 %', 0.125],
  ['weight', parseWeightPercent, 100, 1],
  ['weight', parseWeightPercent, '0', 0],
];

const refused: readonly (readonly [string, Parser, number | string])[] = [
  ['fraction', parseFraction, ''],
  ['fraction', parseFraction, 'half'],
  ['fraction', parseFraction, '5%%'],
  ['fraction', parseFraction, '0x10%'],
  ['fraction', parseFraction, NaN],
  ['number', parseNumber, ''],
  ['number', parseNumber, '5%'],
  ['number', parseNumber, 'NaN'],
  ['number', parseNumber, Infinity],
  ['milliseconds', parseMilliseconds, '200'],
  ['milliseconds', parseMilliseconds, '-5ms'],
  ['milliseconds', parseMilliseconds, -1],
  ['milliseconds', parseMilliseconds, '5 weeks'],
  ['seconds', parseSeconds, '90'],
  ['seconds', parseSeconds, '2 min'],
  ['seconds', parseSeconds, -1],
  ['seconds', parseSeconds, Infinity],
  ['weight', parseWeightPercent, '101'],
  ['weight', parseWeightPercent, '-1'],
  ['weight', parseWeightPercent, ''],
  ['weight', parseWeightPercent, 'all'],
];

describe('reading units', () => {
  for (const [what, parse, written, expected] of accepted) {
    it(`${what} ${JSON.stringify(written)} is ${expected}`, () => {
      const found = parse(written);
      assert.ok(typeof found === 'number' && agree(found, expected, 1e-15), JSON.stringify(found));
    });
  }

  for (const [what, parse, written] of refused) {
    it(`${what} ${JSON.stringify(written)} is refused with what was expected`, () => {
      const found = parse(written);
      assert.ok(typeof found === 'object' && found.expected.length > 5, JSON.stringify(found));
    });
  }

  it('refuses a bare fraction with the two ways to write it', () => {
    const found = parseFraction('0.5');
    assert.deepEqual(found, {
      expected: 'a percentage: write "0.5%" for 0.5 percent or "50%" for the fraction 0.5',
    });
  });

  it('refuses a text as long as a body in a time that grows with its length alone', function () {
    this.timeout(3000);
    const length = 30_000;
    const [digits, blanks] = ['1'.repeat(length), ' '.repeat(length)];
    for (const parse of [parseFraction, parseNumber, parseMilliseconds, parseSeconds, parseWeightPercent]) {
      for (const text of [digits, `1.${digits}`, `1e${digits}`, `1${blanks}`, `${digits}${blanks}`]) {
        for (const end of ['x', '%x', '.x', 'm%']) {
          const found = parse(text + end);
          assert.ok(typeof found !== 'number' && found.expected.length < 200);
        }
      }
    }
    assert.ok(typeof parseFraction(digits) !== 'number');
  });

  it('reads back every percentage and weight that it could be given', () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (percent) => {
        const fraction = parseFraction(`${percent}%`);
        assert.ok(typeof fraction === 'number' && agree(fraction, percent / 100, 1e-12));
        if (percent < 0) return;
        const weight = parseWeightPercent(String(percent));
        assert.ok(typeof weight === 'number' && agree(weight, percent / 100, 1e-12));
      }),
      { seed: 20260105, numRuns: 200 },
    );
  });

  it('never gives a number that is not finite, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double()), (written) => {
        for (const parse of [
          parseFraction,
          parseNumber,
          parseMilliseconds,
          parseSeconds,
          parseWeightPercent,
        ]) {
          const found = parse(written);
          assert.ok(
            typeof found !== 'number' || Number.isFinite(found),
            `${JSON.stringify(written)} -> ${JSON.stringify(found)}`,
          );
        }
      }),
      {
        seed: 20260105,
        numRuns: 500,
        examples: [['1e999'], ['1e999%'], ['1e999ms'], ['1e308d'], ['-1e999']],
      },
    );
  });
});

describe('writing units', () => {
  it('numbers with as many digits as help', () => {
    assert.equal(trimNumber(0.035), '0.035');
    assert.equal(trimNumber(0.0123456), '0.0123');
    assert.equal(trimNumber(12), '12');
    assert.equal(trimNumber(1234.5), '1,235');
    assert.equal(trimNumber(999.9), '1000');
    assert.equal(trimNumber(0), '0');
    assert.equal(trimNumber(Infinity), 'infinity');
    assert.equal(trimNumber(-Infinity), '-infinity');
    assert.equal(trimNumber(NaN), 'not a number');
  });

  it('shares and changes', () => {
    assert.equal(formatPercent(0.0123), '1.23 %');
    assert.equal(formatPercent(1e-17), '0 %');
    assert.equal(formatChange(-0.06), '-6 %');
    assert.equal(formatChange(0.021), '+2.1 %');
    assert.equal(formatChange(0), '0 %');
  });

  it('times', () => {
    assert.equal(formatMilliseconds(850), '850 ms');
    assert.equal(formatMilliseconds(12_000), '12 s');
    assert.equal(formatSeconds(0.2), '1 s');
    assert.equal(formatSeconds(45), '45 s');
    assert.equal(formatSeconds(61), '2 min');
    assert.equal(formatSeconds(9000), '2.5 h');
    assert.equal(formatSeconds(3 * 86_400), '3 d');
    assert.equal(formatInstant(Date.UTC(2026, 0, 5, 10)), '2026-01-05T10:00:00Z');
    assert.equal(formatInstant(Date.UTC(2026, 0, 5, 10) + 250), '2026-01-05T10:00:00.250Z');
  });

  it('odds', () => {
    assert.equal(formatOdds(1.1), '3:1');
    assert.equal(formatOdds(Math.log(80)), '80:1');
    assert.equal(formatOdds(Math.log(20)), '20:1');
    assert.equal(formatOdds(-0.7), 'none');
    assert.equal(formatOdds(0), 'none');
    assert.equal(formatOdds(1e6), 'over 1,000,000:1');
    assert.equal(formatOdds(Math.log(79.99)), '79:1');
  });
});
