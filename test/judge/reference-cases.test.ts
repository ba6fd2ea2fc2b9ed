import assert from 'node:assert/strict';
import { parseObservations } from '../../src/domain/observations-file.js';
import type { GuardrailVerdict, SampleRatio } from '../../src/domain/verdict.js';
import { guardrailKinds, judge, overridePolicy, parsePolicy, type Question } from '../../src/judge/index.js';
import {
  readReferenceCases,
  type ExpectedGuardrail,
  type ReferenceCase,
} from '../support/reference-cases.js';
import { valueOf } from '../support/value-of.js';

describe('judge: agrees with the second, independent implementation', () => {
  const cases = readReferenceCases();

  it('has at least 475 cases, among them every verdict of every kind of guardrail', () => {
    assert.ok(cases.length >= 475);
    const verdicts = ['hold', 'promote', 'rollback'];
    const found = new Set(cases.map(({ expected }) => expected.verdict));
    assert.deepEqual([...found].sort(), verdicts);
    const ofKinds = new Set<string>();
    for (const { policy, expected } of cases) {
      const { guardrails } = valueOf(parsePolicy(policy, 'reference'));
      for (const { name, verdict } of expected.guardrails) {
        ofKinds.add(`${guardrails.find((one) => one.name === name)?.kind ?? 'unknown'} ${verdict}`);
      }
    }
    const every = guardrailKinds.flatMap(({ kind }) => verdicts.map((verdict) => `${kind} ${verdict}`));
    assert.deepEqual([...ofKinds].sort(), every.sort());
  });

  for (const one of cases) {
    it(one.name, () => {
      const document = answer(one);
      const differences: string[] = [];
      const compare = (what: string, found: unknown, expected: unknown) => {
        if (!same(found, expected)) {
          differences.push(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(found)}`);
        }
      };
      const { expected } = one;
      for (const field of ['verdict', 'literalVerdict', 'stage', 'looks'] as const) {
        compare(field, document[field], expected[field]);
      }
      compareSampleRatio(compare, document.sampleRatio, expected.sampleRatio);
      compare(
        'names',
        document.guardrails.map(({ name }) => name),
        expected.guardrails.map(({ name }) => name),
      );
      for (const guardrail of document.guardrails) {
        const reference = expected.guardrails.find(({ name }) => name === guardrail.name);
        assert.ok(reference !== undefined, `the reference has no guardrail ${guardrail.name}`);
        compareGuardrail(compare, guardrail, reference);
      }
      assert.deepEqual(differences, []);
    });
  }
});

type Compare = (what: string, found: unknown, expected: unknown) => void;

function answer({ policy, observations, options }: ReferenceCase) {
  const parsed = valueOf(parsePolicy(policy, 'reference'));
  const overridden = valueOf(overridePolicy(parsed, { confidence: options.confidence }));
  const read = valueOf(parseObservations(observations));
  const { asOf, guardrail, promoteWith, weight } = options;
  const question: Question = {
    ...(guardrail === undefined ? {} : { guardrail }),
    ...(promoteWith === undefined ? {} : { promoteWith }),
    ...(weight === undefined ? {} : { weight }),
  };
  return judge(overridden, asOf === undefined ? read : { ...read, asOfMs: Date.parse(asOf) }, question);
}

function compareGuardrail(compare: Compare, found: GuardrailVerdict, expected: ExpectedGuardrail): void {
  const { name } = found;
  for (const field of ['verdict', 'literalVerdict', 'reasonCode', 'estimate', 'interval'] as const) {
    compare(`${name}.${field}`, found[field], expected[field]);
  }
  for (const field of ['rollback', 'promote'] as const) {
    compare(`${name}.evidence.${field}`, found.evidence[field], expected.evidence[field]);
  }
  for (const field of ['rollbackNeeded', 'promoteNeeded'] as const) {
    // The reference leaves the needed evidence out in threshold mode.
    if (expected.evidence[field] !== null) {
      compare(`${name}.evidence.${field}`, found.evidence[field], expected.evidence[field]);
    }
  }
  if (found.estimate !== null && expected.estimate !== null) {
    compare(`${name}.samples`, found.samples, expected.samples);
  }
}

function compareSampleRatio(compare: Compare, found: SampleRatio | null, expected: SampleRatio | null): void {
  compare('sampleRatio', found === null, expected === null);
  if (found === null || expected === null) return;
  for (const field of ['evidence', 'configured', 'observed', 'alarm'] as const) {
    compare(`sampleRatio.${field}`, found[field], expected[field]);
  }
}

/** Equal, numbers to seven digits of their own size. */
function same(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    return Math.abs(left - right) <= 1e-7 * Math.max(Math.abs(left), Math.abs(right)) + 1e-12;
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right;
  }
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => same(left[key as keyof typeof left], right[key as keyof typeof right]))
  );
}
