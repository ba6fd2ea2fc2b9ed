import assert from 'node:assert/strict';
import { errorCodes, VerdictError } from '../../../src/domain/errors.js';
import { problemOf } from '../../../src/server/http/problem.js';

describe('problemOf', () => {
  it('has a status for every code', () => {
    const statuses = errorCodes.map((code) => [code, problemOf(new VerdictError(code, 'why')).status]);
    assert.deepEqual(Object.fromEntries(statuses), {
      'invalid-input': 400,
      'invalid-config': 500,
      conflict: 422,
      'not-found': 404,
      'too-large': 413,
      unavailable: 503,
      internal: 500,
    });
  });

  it('tells what was meant for the caller, with the fields', () => {
    const fields = [{ path: 'a', message: 'expected b' }];
    const { detail, errors, type } = problemOf(new VerdictError('invalid-input', 'a: expected b', fields));
    assert.deepEqual(
      [detail, errors, type],
      ['a: expected b', fields, 'urn:ml-verdict:problem:invalid-input'],
    );
  });

  it('keeps to itself what was not', () => {
    for (const error of [
      new TypeError('secret'),
      new VerdictError('internal', 'secret'),
      'secret',
      null,
      { status: 'secret' },
    ]) {
      const problem = problemOf(error);
      assert.equal(problem.status, 500);
      assert.doesNotMatch(JSON.stringify(problem), /secret/);
    }
  });

  it('reads the status of what express throws, never its message', () => {
    const thrown = (status: number) => problemOf(Object.assign(new Error('secret'), { status }));
    assert.deepEqual(
      [413, 415, 400, 404, 500, 502].map((status) => thrown(status).status),
      [413, 415, 400, 400, 500, 500],
    );
    assert.doesNotMatch(JSON.stringify(thrown(400)), /secret/);
  });
});
