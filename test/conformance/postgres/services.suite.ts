import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../../cli/support/child.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { until } from '../../support/until.js';

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A service as a process of its own. */
class Service {
  readonly #child: Child;
  #url = '';

  constructor(databaseUrl: string, config: string) {
    this.#child = new Child(['serve', '--port', '0', '--config', config], { DATABASE_URL: databaseUrl });
  }

  async ready(): Promise<void> {
    const [, url = ''] = await this.#child.waitFor(/answers on (http:\S+)/);
    this.#url = url;
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(this.#url + path, init);
    const body = (await answer.json()) as Answer['body'];
    return { status: answer.status, retryAfter: answer.headers.get('Retry-After'), body };
  }

  predictions(lines: readonly object[], key?: string): Promise<Answer> {
    return this.ask('/v1/predictions', {
      method: 'POST',
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
      ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
    });
  }

  /** Stops it; answers what it wrote to its log. */
  async stop(): Promise<string> {
    this.#child.kill('SIGINT');
    const { status, err } = await this.#child.end();
    assert.equal(status, 0, err);
    return err;
  }
}

const line = (version: string, minutesAgo: number, more: object = {}) => ({
  model: 'fraud',
  version,
  at: new Date(Math.floor(Date.now() / 60_000) * 60_000 - minutesAgo * 60_000).toISOString(),
  latencyMs: 20,
  prediction: 0.25,
  ...more,
});

describe('two services on one database', function () {
  this.timeout(60_000);
  let server: PostgresServer;
  let folder: string;
  let services: readonly Service[] = [];

  before(async () => {
    server = await PostgresServer.create();
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-services-'));
    const config = join(folder, 'config.yaml');
    writeFileSync(config, 'looks: { settle: 0s }\nlogging: { level: info }\n');
    const url = await server.database();
    // Both at once: one of them makes the schema.
    services = [new Service(url, config), new Service(url, config)];
    await Promise.all(services.map((service) => service.ready()));
  });

  after(async () => {
    const logs = await Promise.all(services.map((service) => service.stop()));
    await server.remove();
    rmSync(folder, { recursive: true });
    assert.doesNotMatch(logs.join('\n'), /a-secret-word|tester/);
  });

  const service = (index: number): Service => {
    const found = services[index];
    assert.ok(found !== undefined);
    return found;
  };
  const [one, other] = [() => service(0), () => service(1)];

  it('count what either is sent, and give the same verdict', async () => {
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one() : other()).predictions(
          [3, 4, 5, 6].flatMap((minutesAgo) => [line('v1', minutesAgo), line('v2', minutesAgo)]),
        ),
      ),
    );
    assert.ok(sent.every(({ status, body }) => status === 200 && body['accepted'] === 8));
    const asOf = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
    const path = `/v1/verdict?model=fraud&canary=v2&stable=v1&asOf=${asOf}`;
    const [first, second] = await Promise.all([one().ask(path), other().ask(path)]);
    assert.deepEqual(second.body, first.body);
    assert.equal(typeof first.body['id'], 'string');
    const { body } = await other().ask(`/v1/observations?model=fraud&canary=v2&stable=v1&asOf=${asOf}`);
    const looks = body['looks'] as readonly { canary: { requests: number } }[];
    assert.deepEqual(
      looks.map((look) => look.canary.requests),
      [20, 20, 20, 20],
    );
    // What one has given the other finds.
    const { body: found } = await other().ask(`/v1/verdicts/${String(first.body['id'])}`);
    assert.equal((found['document'] as { id?: unknown } | undefined)?.id ?? found['id'], first.body['id']);
  });

  it('count a body with a key once that both are sent at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? one() : other()).predictions([{ model: 'once', version: 'v2' }], 'the-key'),
      ),
    );
    assert.ok(answers.every(({ status, body }) => status === 200 && body['accepted'] === 1));
    assert.equal(answers.filter(({ body }) => body['duplicate'] === false).length, 1);
  });

  it('hold and refuse while it is away, and go on when it is back', async () => {
    await server.stop();
    const refused = await one().predictions([line('v2', 1)]);
    assert.equal(refused.status, 503);
    assert.match(refused.retryAfter ?? '', /^\d+$/);
    assert.doesNotMatch(JSON.stringify(refused.body), /127\.0\.0\.1|tester/);
    const held = await other().ask('/v1/verdict?model=fraud&canary=v2&stable=v1');
    assert.equal(held.status, 200);
    assert.equal(held.body['verdict'], 'hold');
    await server.start();
    await until(async () => (await one().predictions([line('v2', 1)])).status === 200);
    await until(async () => {
      const { body } = await other().ask('/v1/verdict?model=fraud&canary=v2&stable=v1');
      const [reason] = body['reasons'] as readonly { code: string }[];
      return reason?.code !== 'source-unavailable';
    });
  });
});
