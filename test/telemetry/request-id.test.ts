import assert from 'node:assert/strict';
import fc from 'fast-check';
import { requestIdFrom } from '../../src/telemetry/request-id.js';

describe('requestIdFrom', () => {
  it('keeps a plain id of the caller', () => {
    for (const id of ['abc', '3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'a.b:c_d-1'])
      assert.equal(requestIdFrom(id), id);
  });

  it('makes a new one where there is none, or none that could be put into a log', () => {
    for (const id of [undefined, '', ' ', 'a b', 'a\nb', 'ä', 'x'.repeat(129), ['a', 'b']]) {
      assert.match(requestIdFrom(id), /^[\da-f-]{36}$/);
    }
    assert.notEqual(requestIdFrom(undefined), requestIdFrom(undefined));
  });

  it('is always short and plain', () => {
    fc.assert(fc.property(fc.string(), (given) => /^[\w.:-]{1,128}$/.test(requestIdFrom(given))));
  });
});
