import assert from 'node:assert/strict';
import { describeFieldError, errorCodes, invalidInput, VerdictError } from '../../src/domain/errors.js';

describe('errors', () => {
  it('carry a code of the closed list, the fields and the cause', () => {
    const cause = new Error('disk');
    const error = new VerdictError('unavailable', 'the ledger cannot be read', [], { cause });
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'VerdictError');
    assert.equal(error.cause, cause);
    assert.ok(errorCodes.includes(error.code));
    assert.equal(new Set(errorCodes).size, errorCodes.length);
  });

  it('name their field, or the whole value', () => {
    assert.equal(describeFieldError({ path: 'looks[3].end', message: 'missing' }), 'looks[3].end: missing');
    assert.equal(describeFieldError({ path: '', message: 'expected an object' }), 'expected an object');
  });

  it('show the first three fields and count the rest, but keep all', () => {
    const fields = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, message: 'missing' }));
    const error = invalidInput(fields);
    assert.equal(error.code, 'invalid-input');
    assert.equal(error.message, 'a: missing; b: missing; c: missing (and 2 more)');
    assert.deepEqual(error.fields, fields);
    assert.equal(invalidInput(fields.slice(0, 1)).message, 'a: missing');
  });
});
