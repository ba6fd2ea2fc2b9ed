import assert from 'node:assert/strict';
import fc from 'fast-check';
import { queryValues } from '../../../src/server/http/query-values.js';

describe('queryValues', () => {
  it('reads parameters, encoded or not', () => {
    assert.deepEqual(queryValues('/x?a=1&b=0.5%25&c=0.5%&d=5%&e=a+b&f'), {
      values: { a: '1', b: '0.5%', c: '0.5%', d: '5%', e: 'a b', f: '' },
      errors: [],
    });
    assert.deepEqual(queryValues('/x'), { values: {}, errors: [] });
  });

  it('names what stands there more than once', () => {
    assert.deepEqual(queryValues('/x?a=1&b=2&a=3&a=4').errors, [
      { path: 'a', message: 'expected once, got it more than once' },
    ]);
  });

  it('gives back whatever was encoded, also names that every object has', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        (given) => {
          const query = new URLSearchParams(given).toString();
          assert.deepEqual({ ...queryValues(`/x?${query}`).values }, { ...given });
        },
      ),
    );
    assert.deepEqual(Object.keys(queryValues('/x?__proto__=1').values), ['__proto__']);
  });
});
