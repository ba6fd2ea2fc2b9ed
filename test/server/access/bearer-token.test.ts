import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bearerToken, isBearerToken } from '../../../src/server/access/bearer-token.js';

const read = (...values: readonly string[]) =>
  bearerToken(['Host', 'x', ...values.flatMap((value) => ['Authorization', value])]);

describe('bearerToken', () => {
  it('reads a token, whatever the case of its scheme and of the header', () => {
    for (const header of [
      'Bearer abc.DEF-1_2~+/==',
      'bearer abc.DEF-1_2~+/==',
      'BEARER   abc.DEF-1_2~+/==',
    ]) {
      assert.deepEqual(read(header), { kind: 'token', token: 'abc.DEF-1_2~+/==' });
    }
    assert.deepEqual(bearerToken(['AUTHORIZATION', 'Bearer abc']), { kind: 'token', token: 'abc' });
  });

  it('tells nothing apart from something that is no token', () => {
    assert.deepEqual(read(), { kind: 'nothing' });
    assert.deepEqual(bearerToken(['X-Authorization', 'Bearer abc']), { kind: 'nothing' });
    for (const header of [
      '',
      'Bearer',
      'Bearer ',
      'Bearerabc',
      'abc',
      'Basic YTpi',
      'Bearer a b',
      'Bearer a,Bearer b',
      'Bearer a=b',
      'Bearer "a"',
      'Bearer ä',
      'Bearer\tabc',
      ' Bearer abc',
      'Bearer abc ',
      `Bearer ${'a'.repeat(8192)}`,
    ]) {
      assert.deepEqual(read(header), { kind: 'malformed' }, JSON.stringify(header.slice(0, 40)));
    }
  });

  it('does not choose between two', () => {
    assert.deepEqual(read('Bearer abc', 'Bearer abc'), { kind: 'malformed' });
    assert.deepEqual(bearerToken(['authorization', 'Bearer abc', 'Authorization', '']), {
      kind: 'malformed',
    });
  });

  it('gives back only what can have been sent, from any header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `Bearer ${text}`),
        ),
        (header) => {
          const presented = read(header);
          if (presented.kind === 'token')
            assert.ok(isBearerToken(presented.token) && header.endsWith(presented.token));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes a time that grows with the length of a header only', () => {
    // Each of these would take a careless pattern for ever.
    for (const header of [
      'Bearer ' + '='.repeat(8000),
      'Bearer ' + ' '.repeat(8000),
      'Bearer ' + 'a='.repeat(4000),
    ]) {
      assert.deepEqual(read(header), { kind: 'malformed' });
    }
  });
});
