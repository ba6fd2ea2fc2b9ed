import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestService } from '../../server/support/test-service.js';
import { KserveAgent } from './kserve-agent.js';

const minuteMs = 60_000;

/** A model of KServe's first protocol: fails for inputs `boom`, and says that it is ready. */
function startModel(): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (text) => (body += String(text)));
    request.on('end', () => {
      if (request.method === 'GET') response.end('{"name":"m","ready":true}');
      else if (body.includes('boom')) response.writeHead(500).end('{"error":"boom"}');
      else response.end('{"predictions":[0.25]}');
    });
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    }),
  );
}

describe("payload events of KServe's own agent", () => {
  let service: TestService;
  let model: Server;
  let agent: KserveAgent;

  before(async function () {
    // The first time the agent is built.
    this.timeout(1_800_000);
    model = await startModel();
    service = await TestService.start({
      config: {
        models: { m: { events: { mode: 'all', responseWithin: '10s' } } },
        events: { saveEvery: '100ms' },
      },
    });
    service.clock.nowMs = Date.now();
    agent = await KserveAgent.start({
      modelPort: (model.address() as AddressInfo).port,
      logUrl: `${service.url}/v1/events/ml/m/v2`,
      mode: 'all',
    });
  });
  after(async () => {
    await agent.stop();
    await service.close();
    model.closeAllConnections();
    model.close();
  });

  const ask = async (input: string, id: string): Promise<number> => {
    const answer = await fetch(`${agent.url}/v1/models/m:predict`, {
      method: 'POST',
      body: JSON.stringify({ instances: [input] }),
      headers: { 'Content-Type': 'application/json', 'Ce-Id': id },
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const events = (result: string): Promise<number> => service.metric('ml_verdict_events_total', { result });
  const until = async (result: string, count: number): Promise<void> => {
    while ((await events(result)) < count) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('are counted one by one: requests, failures, latencies, predictions, and no health check', async function () {
    this.timeout(60_000);
    const startMs = Math.floor(Date.now() / minuteMs) * minuteMs;
    service.clock.nowMs = Date.now();
    const [good, failed] = [200, 3];
    await Promise.all(Array.from({ length: good }, (_, number) => ask('good', `good-${number}`)));
    for (let number = 0; number < failed; number++) assert.equal(await ask('boom', `boom-${number}`), 500);
    await until('paired', good);
    // The clock of the service is the test's: now the time of the failed requests is over.
    service.clock.nowMs = Date.now() + 11_000;
    await until('unanswered', failed);
    assert.equal(await events('counted'), good);
    assert.equal((await events('ignored')) % 2, 0);

    service.clock.nowMs = startMs + 3 * minuteMs;
    const answer = await service.request('/v1/observations?namespace=ml&model=m&canary=v2');
    const { looks } = answer.json() as {
      looks: readonly {
        canary: {
          requests: number;
          errors: number;
          latency?: { counts: readonly number[] };
          predictions?: { counts: readonly number[] };
        };
      }[];
    };
    const total = (pick: (look: (typeof looks)[number]) => readonly number[] | number | undefined): number =>
      looks.flatMap((look) => pick(look) ?? 0).reduce((sum, count) => sum + count, 0);
    assert.equal(
      total(({ canary }) => canary.requests),
      good + failed,
    );
    assert.equal(
      total(({ canary }) => canary.errors),
      failed,
    );
    assert.equal(
      total(({ canary }) => canary.latency?.counts),
      good,
    );
    assert.equal(
      total(({ canary }) => canary.predictions?.counts),
      good,
    );
  });

  it('carry the id that the client has chosen, so that its outcomes find their prediction', async () => {
    await service.ingest('outcomes', [
      {
        namespace: 'ml',
        model: 'm',
        id: 'good-7',
        value: 1,
        at: new Date(service.clock.nowMs).toISOString(),
      },
    ]);
    assert.equal(
      await service.metric('ml_verdict_ingest_lines_total', { kind: 'outcomes', result: 'unmatched' }),
      0,
    );
  });
});
