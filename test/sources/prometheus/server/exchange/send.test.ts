import assert from 'node:assert/strict';
import { ClientTls } from '../../../../../src/sources/prometheus/server/access/client-tls.js';
import type { BodyReader } from '../../../../../src/sources/prometheus/server/exchange/body-reader.js';
import { Connections } from '../../../../../src/sources/prometheus/server/exchange/connections.js';
import { Deadline } from '../../../../../src/sources/prometheus/server/exchange/deadline.js';
import { send } from '../../../../../src/sources/prometheus/server/exchange/send.js';
import { FakeServer } from '../support/fake-server.js';

describe('send', () => {
  const broken = (): never => {
    throw new RangeError('Cannot create a string longer than 0x1fffffe8 characters');
  };

  for (const [what, reader] of [
    ['at a piece of the body', { push: broken, end: () => 'read' }],
    ['at its end', { push: () => undefined, end: broken }],
  ] as const) {
    it(`keeps its promise where a reader fails ${what}`, async () => {
      const fake = await FakeServer.start((_, response) => {
        response.end('body');
      });
      const connections = new Connections({ sockets: 1, idleMs: 1000 }, new ClientTls({}, 0));
      const lease = await connections.lease('http:');
      assert.ok(lease.kind === 'lease');
      const deadline = new Deadline(new AbortController().signal, 5000);
      const { result } = await send<string>(
        { method: 'GET', url: new URL(fake.url()), headers: {} },
        lease,
        deadline,
        (): BodyReader<string> => reader,
      );
      assert.ok(typeof result === 'object');
      assert.match(result.reason, /answers what cannot be read/);
      lease.release();
      deadline.dispose();
      connections.close();
      await fake.stop();
    });
  }
});
