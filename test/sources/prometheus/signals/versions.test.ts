import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AnyTextPattern } from '../../../../src/sources/prometheus/signals/any-text-pattern.js';
import {
  isVersionPattern,
  matchVersions,
  type ComparedVersions,
} from '../../../../src/sources/prometheus/signals/versions.js';
import { errorsOf, valueOf } from '../../../support/value-of.js';
import { fits } from './read-selector.js';

const byPod = { label: 'pod', pattern: '*-{{version}}-*' };
const byLabel = { label: 'version', pattern: '{{version}}' };

function match(pattern: string, versions: ComparedVersions) {
  return valueOf(matchVersions({ label: 'x', pattern }, versions));
}

describe('matching of versions', () => {
  it('selects both in one query, and tells them apart', () => {
    const { matcher, armOf } = valueOf(matchVersions(byLabel, { canary: 'v2', stable: 'v1.0' }));
    assert.deepEqual(matcher, { label: 'version', operator: '=~', value: String.raw`v2|v1\.0` });
    assert.equal(armOf({ version: 'v2', pod: 'v1.0' }), 'canary');
    assert.equal(armOf({ version: 'v1.0' }), 'stable');
    for (const version of ['v1x0', 'v', 'v22', '']) assert.equal(armOf({ version }), undefined);
    assert.equal(armOf({}), undefined);
  });

  it('selects one alone where there is no other', () => {
    assert.deepEqual(valueOf(matchVersions(byLabel, { canary: 'v2' })).matcher, {
      label: 'version',
      operator: '=',
      value: 'v2',
    });
    const { matcher, armOf } = valueOf(matchVersions(byPod, { canary: '5d4' }));
    assert.deepEqual(matcher, { label: 'pod', operator: '=~', value: '.*-5d4-.*' });
    assert.equal(armOf({ pod: 'fraud-5d4-x7k2p' }), 'canary');
    assert.equal(armOf({ pod: 'fraud-6c8-x7k2p' }), undefined);
  });

  it('finds the version inside a label', () => {
    const { matcher, armOf } = valueOf(matchVersions(byPod, { canary: '5d4f', stable: '6c8b' }));
    assert.deepEqual(matcher, { label: 'pod', operator: '=~', value: '.*-5d4f-.*|.*-6c8b-.*' });
    assert.equal(armOf({ pod: 'fraud-detector-5d4f-abcde' }), 'canary');
    assert.equal(armOf({ pod: 'fraud-detector-6c8b-abcde' }), 'stable');
    assert.equal(armOf({ pod: 'fraud-detector-7777-abcde' }), undefined);
    assert.equal(armOf({ pod: '5d4f-abcde' }), undefined);
  });

  it('takes everything but the stars of the pattern as it is written', () => {
    const versions = { canary: 'a*b', stable: '{{version}}' };
    const { matcher, armOf } = match('(.)-{{version}}', versions);
    assert.equal(matcher.value, String.raw`\(\.\)-a\*b|\(\.\)-\{\{version\}\}`);
    assert.equal(armOf({ x: '(.)-a*b' }), 'canary');
    assert.equal(armOf({ x: '(.)-{{version}}' }), 'stable');
    assert.equal(armOf({ x: '(.)-aXb' }), undefined);
    assert.equal(match('{{version}}', { canary: '$&' }).armOf({ x: '$&' }), 'canary');
  });

  it('says so where a series fits both', () => {
    const { armOf } = match('*-{{version}}-*', { canary: 'aa', stable: 'bb' });
    assert.equal(armOf({ x: 'm-aa-bb-x' }), 'both');
    assert.equal(armOf({ x: 'm-aa-x' }), 'canary');
  });

  for (const [pattern, canary, stable] of [
    ['{{version}}*', 'v1', 'v10'],
    ['{{version}}*', 'v10', 'v1'],
    ['*{{version}}', '1', '21'],
    ['{{version}}-*', 'fraud', 'fraud-canary'],
    ['*-{{version}}-*', 'a', 'a-b'],
    ['*{{version}}*', 'a', 'xax'],
  ] as const) {
    it(`refuses ${canary} beside ${stable} by ${pattern}`, () => {
      const [error] = errorsOf(matchVersions({ label: 'x', pattern }, { canary, stable }));
      assert.equal(error?.path, 'version');
      assert.match(error.message, /cannot be told apart; choose a label that is the version/);
    });
  }

  it('takes versions that only begin alike where the pattern parts them', () => {
    for (const pattern of ['{{version}}', '*-{{version}}-*', '{{version}}-*', '*-{{version}}']) {
      assert.equal(match(pattern, { canary: 'v1', stable: 'v10' }).armOf({ x: 'none' }), undefined);
    }
  });

  it('refuses a version beside itself, one without a name and a pattern without a version', () => {
    const told = (pattern: string, versions: ComparedVersions) =>
      errorsOf(matchVersions({ label: 'x', pattern }, versions))[0]?.message;
    assert.equal(
      told('{{version}}', { canary: 'v1', stable: 'v1' }),
      'the canary and the stable version are both "v1"',
    );
    assert.match(told('{{version}}', { canary: '' }) ?? '', /expected versions with a name/);
    assert.match(told('{{version}}', { canary: 'a', stable: '' }) ?? '', /expected versions with a name/);
    assert.match(told('fixed', { canary: 'a' }) ?? '', /expected \{\{version\}\} in it once, got "fixed"/);
    assert.ok(!isVersionPattern('{{version}}-{{version}}'));
  });

  it('has the server select exactly what it takes for either', () => {
    const letters = fc.constantFrom('a', 'b', '-', '.', '*', '|');
    const text = fc.array(letters, { maxLength: 7 }).map((parts) => parts.join(''));
    const name = fc.array(letters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, name, name, text, (before, behind, canary, stable, label) => {
        const matched = matchVersions(
          { label: 'x', pattern: `${before}{{version}}${behind}` },
          { canary, stable },
        );
        if (!matched.ok) return;
        const { matcher, armOf } = matched.value;
        assert.equal(armOf({ x: label }) !== undefined, fits(matcher, label));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a pattern with any text in it', () => {
  const letters = fc.constantFrom('a', 'b', '-');
  const text = fc.array(letters, { maxLength: 4 }).map((parts) => parts.join(''));
  const parts = fc.array(text, { minLength: 1, maxLength: 4 });

  it('covers another one exactly if nothing that the other matches is missing', () => {
    fc.assert(
      fc.property(parts, parts, fc.array(text, { minLength: 3, maxLength: 3 }), (own, other, fillings) => {
        const pattern = new AnyTextPattern(own);
        const isCovered = pattern.covers(new AnyTextPattern(other));
        const filled = (fill: (index: number) => string) =>
          other.slice(1).reduce((whole, part, index) => whole + fill(index) + part, other[0] ?? '');
        if (isCovered) assert.ok(pattern.matches(filled((index) => fillings[index] ?? '')));
        else assert.ok(!pattern.matches(filled(() => 'z')), 'one that is missing');
      }),
      { numRuns: 500 },
    );
  });

  it('takes its time from the length of the text alone', () => {
    const stars = new AnyTextPattern(['', ...Array.from({ length: 40 }, () => 'a'), 'b']);
    assert.ok(!stars.matches('a'.repeat(20_000)));
    assert.ok(stars.matches(`${'a'.repeat(20_000)}b`));
  });
});
