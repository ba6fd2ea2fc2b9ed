import assert from 'node:assert/strict';
import { assertWritten } from '../support/pages/repository-files.js';
import { documentAt } from './documents.js';
import { calculate } from './how-verdicts/arithmetic.js';
import { verdictOf } from './how-verdicts/example-block.js';
import { examples, type Example } from './how-verdicts/examples/index.js';
import { blockNames, fillPage } from './how-verdicts/fill-page.js';
import { madeExamples, madePage, pagePath } from './how-verdicts/made-files.js';
import type { Step } from './how-verdicts/step.js';

/** Inputs are printed with five digits, so results differ in the fourth at most. */
const tolerance = 0.002;

const ofPage = documentAt(pagePath);

/** The kinds that have to have an example. */
const kinds = [
  'business-proxy',
  'decision-rate',
  'error-rate',
  'error-ratio',
  'latency-quantile',
  'latency-ratio',
  'prediction-drift',
];

function withArithmetic(example: Example): readonly (Step & { readonly how: string })[] {
  return example
    .steps(verdictOf(example))
    .flatMap((step) => (step.how === undefined ? [] : [{ ...step, how: step.how }]));
}

describe('docs/how-verdicts-are-made.md', () => {
  for (const [what, make] of [
    ['worked examples', madeExamples],
    ['page and its pictures', madePage],
  ] as const) {
    it(`has the ${what} that are made now`, async () => {
      assertWritten(await make(), 'run "npm run pictures" and look at what changed');
    }).timeout(30_000);
  }

  for (const example of examples) {
    it(`does the arithmetic of ${example.name} right`, () => {
      const steps = withArithmetic(example);
      assert.ok(steps.length >= 5);
      for (const { what, how, value } of steps) {
        const calculated = calculate(how);
        assert.ok(
          Math.abs(calculated - value) <= tolerance * Math.abs(value),
          `${what}: ${how} is ${calculated}, the judge has ${value}`,
        );
      }
    });
  }

  it('prints all of that arithmetic', () => {
    const printed = new Set(ofPage.rows.map(({ cells: [, how = ''] }) => how.replaceAll('`', '')));
    const missing = examples.flatMap(withArithmetic).filter(({ how }) => !printed.has(how));
    assert.deepEqual(missing, []);
  });

  it('has an example of every kind, and some of every verdict', () => {
    const verdicts = examples.map(verdictOf);
    assert.deepEqual([...new Set(verdicts.map(({ kind }) => kind))].sort(), kinds);
    assert.equal(new Set(verdicts.map(({ verdict }) => verdict)).size, 3);
  });

  it('has every block that is made, once', () => {
    const names = blockNames(ofPage.text);
    assert.equal(new Set(names).size, names.length);
    for (const { name } of examples) assert.ok(names.includes(`example ${name}`), name);
    assert.throws(() => fillPage('<!-- made: nothing -->\n\n<!-- end -->', new Map()), /nothing/);
  });

  it('shows its pictures', () => {
    assert.equal(ofPage.links.filter(({ target }) => target.endsWith('.svg')).length, 12);
  });
});

describe('arithmetic of the worked examples', () => {
  for (const [text, value] of [
    ['1 + 2 × 3', 7],
    ['(1 + 2) × 3 / 2', 4.5],
    ['2 × 3^2', 18],
    ['10 - 4 - 3', 3],
    ['mean(1, 2, max(6, 3)) - min(2, 1)', 2],
    ['ln(exp(2)) × sqrt(0.25)', 1],
  ] as const) {
    it(`${text} is ${value}`, () => {
      assert.equal(calculate(text), value);
    });
  }

  for (const text of ['', '1 +', '1 2', 'sin(1)', '(1', '1 & 2']) {
    it(`"${text}" is none`, () => {
      assert.throws(() => calculate(text));
    });
  }
});
