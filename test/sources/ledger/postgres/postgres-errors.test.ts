import assert from 'node:assert/strict';
import {
  explainPostgres,
  loggablePostgres,
  postgresFailureKind,
} from '../../../../src/sources/ledger/postgres/postgres-errors.js';

function failure(code: string | undefined, message = 'select secret from models where name = $1'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('errors of PostgreSQL', () => {
  const cases: readonly (readonly [Error, string, RegExp])[] = [
    [failure('40P01'), 'conflict', /other work/],
    [failure('40001'), 'conflict', /other work/],
    [failure('23505'), 'conflict', /other work/],
    [failure('55P03'), 'conflict', /held the same rows/],
    [failure('57P01'), 'away', /starting or stopping/],
    [failure('57P03'), 'away', /starting or stopping/],
    [failure('57014'), 'slow', /took too long/],
    ...['08000', '08001', '08003', '08004', '08006', '08007'].map(
      (code) => [failure(code), 'away', /connection .* was lost/] as const,
    ),
    [failure('08P01'), 'other', /^the database answered with an error$/],
    [failure('53300'), 'away', /too many connections/],
    [failure('53100'), 'other', /disk of the database is full/],
    [failure('28P01'), 'away', /user or the password/],
    [failure('3D000'), 'away', /no database of this name/],
    [failure('42501'), 'other', /lacks the right/],
    [failure('25006'), 'away', /read-only/],
    [failure('ECONNREFUSED'), 'away', /nothing answers/],
    [failure('ENOTFOUND'), 'away', /host name/],
    [failure(undefined, 'timeout exceeded when trying to connect'), 'away', /in time/],
    [failure(undefined, 'Query read timeout'), 'away', /in time/],
    [failure(undefined, 'Connection terminated unexpectedly'), 'away', /was lost/],
    [failure(undefined, 'The server does not support SSL connections'), 'away', /TLS/],
    [failure('42601'), 'other', /^the database answered with an error$/],
    [failure(undefined), 'other', /^the database answered with an error$/],
  ];

  for (const [error, kind, text] of cases) {
    it(`say what ${'code' in error ? String(error.code) : error.message} means, and nothing else`, () => {
      assert.equal(postgresFailureKind(error), kind);
      assert.match(explainPostgres(error), text);
      const logged = loggablePostgres(error);
      assert.doesNotMatch(`${logged.message} ${logged.stack ?? ''}`, /secret/);
      assert.equal(logged.cause, undefined);
    });
  }
});
