import assert from 'node:assert/strict';
import { PrometheusServers, type ServerSettings } from '../../../../src/sources/prometheus/server/index.js';
import { until } from '../../../support/until.js';
import { healthy } from './support/answers.js';
import { someQuery } from './support/client.js';
import { answering, FakeServer } from './support/fake-server.js';

describe('PrometheusServers', () => {
  it('holds servers by name, each with its own settings, and closes them all', async () => {
    const fake = await FakeServer.start(answering(healthy));
    const settings = (name: string): ServerSettings => ({
      name,
      url: `${fake.url()}/${name}`,
      timeoutMs: 5000,
      scrapeIntervalMs: 30_000,
      concurrency: 10,
      maxSeries: 100,
      maxResponseBytes: 10_000,
      headers: {},
      access: { kind: 'none' },
      tls: {},
    });
    const asked: string[] = [];
    const servers = new PrometheusServers([settings('one'), settings('two')], {
      observer: { onQuery: ({ server }) => asked.push(server) },
    });
    assert.deepEqual(servers.names, ['one', 'two']);
    assert.equal(servers.get('three'), undefined);
    assert.equal(servers.get('constructor'), undefined);
    for (const name of ['two', 'one']) {
      const server = servers.get(name);
      assert.equal(server?.name, name);
      assert.equal((await server.query(someQuery, new AbortController().signal)).kind, 'series');
    }
    assert.deepEqual(asked, ['two', 'one']);
    assert.deepEqual(
      fake.requests.map(({ url }) => url),
      ['/two/api/v1/query_range', '/one/api/v1/query_range'],
    );
    assert.equal(fake.sockets.size, 2);
    servers.close();
    await until(() => fake.sockets.size === 0);
    await fake.stop();
  });
});
