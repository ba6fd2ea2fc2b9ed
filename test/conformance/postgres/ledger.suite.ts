import assert from 'node:assert/strict';
import { openLedger } from '../../../src/sources/index.js';
import { describeLedger } from '../../sources/ledger/conformance/describe-ledger.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';

let server: PostgresServer | undefined;

before(async function () {
  this.timeout(60_000);
  server = await PostgresServer.create();
});

after(() => server?.remove());

describeLedger(
  'PostgreSQL',
  async (settings) => {
    assert.ok(server !== undefined);
    return openLedger({ databaseUrl: await server.database() }, settings);
  },
  70_000,
);
