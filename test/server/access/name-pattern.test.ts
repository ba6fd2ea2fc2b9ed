import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nameMatcher } from '../../../src/server/access/name-pattern.js';

describe('nameMatcher', () => {
  for (const [patterns, fitting, others] of [
    [undefined, ['a', '', 'x/y'], []],
    [['a'], ['a'], ['A', 'aa', '', 'b']],
    [
      ['a', 'b'],
      ['a', 'b'],
      ['ab', 'c'],
    ],
    [['*'], ['a', ''], []],
    [['fraud-*'], ['fraud-', 'fraud-detector'], ['fraud', 'xfraud-detector', 'Fraud-detector']],
    [['*-prod'], ['a-prod', '-prod'], ['a-prod2', 'prod']],
    [['a*a'], ['aa', 'aba'], ['a', 'ab', 'ba']],
    [['a*b*c'], ['abc', 'axbxc', 'abbc'], ['ac', 'acb', 'abcd']],
    [['team.a'], ['team.a'], ['teamxa']],
    [['[ab]?'], ['[ab]?'], ['a', 'ax']],
  ] as const) {
    it(`reads ${JSON.stringify(patterns)}`, () => {
      const matches = nameMatcher(patterns);
      for (const name of fitting) assert.ok(matches(name), name);
      for (const name of others) assert.ok(!matches(name), name);
    });
  }

  it('says what a regular expression would say', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (pattern, name) => {
        const source = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
        assert.equal(nameMatcher([pattern])(name), new RegExp(`^${source.join('[^]*')}$`).test(name));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no longer for a pattern of many stars', () => {
    assert.ok(!nameMatcher(['a*'.repeat(100) + 'b'])('a'.repeat(253)));
  });
});
