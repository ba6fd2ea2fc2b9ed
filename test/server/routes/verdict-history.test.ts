import assert from 'node:assert/strict';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { TestService } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

interface Page {
  readonly verdicts: readonly {
    readonly namespace: string;
    readonly step?: string;
    readonly recordedAt: string;
    readonly document: VerdictDocument;
  }[];
  readonly nextCursor: string | null;
}

describe('the history of verdicts', () => {
  let service: TestService;
  const given: VerdictDocument[] = [];

  before(async () => {
    service = await TestService.start();
    await service.ingest('predictions', predictionLines({ version: 'v2', minutes: 6, perMinute: 20 }));
    await service.ingest(
      'predictions',
      predictionLines({ version: 'bad', minutes: 4, perMinute: 60, errorsPerMinute: 30 }),
    );
    await service.ingest(
      'predictions',
      predictionLines({ version: 'v2', minutes: 2, perMinute: 20, model: 'churn', namespace: 'prod' }),
    );
    const questions = [
      { model: 'fraud', canary: 'v2', step: '1' },
      { model: 'fraud', canary: 'bad', step: 3 },
      { model: 'churn', canary: 'v2', namespace: 'prod' },
    ];
    for (const question of questions) {
      given.push(await service.ask(question));
      service.clock.nowMs += 1000;
    }
  });

  after(() => service.close());

  async function list(query = ''): Promise<Page> {
    const answer = await service.request(`/v1/verdicts${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json() as Page;
  }

  async function ids(query: string): Promise<readonly string[]> {
    return (await list(query)).verdicts.map(({ document }) => document.id);
  }

  const [first, second, third] = [0, 1, 2].map((index) => () => given[index]?.id ?? '');

  it('has what was judged, newest first, with the step that asked', async () => {
    const { verdicts, nextCursor } = await list();
    assert.deepEqual(
      verdicts.map(({ document }) => document),
      [...given].reverse(),
    );
    assert.deepEqual(
      verdicts.map(({ step }) => step),
      [undefined, '3', '1'],
    );
    assert.deepEqual(
      verdicts.map(({ namespace }) => namespace),
      ['prod', 'default', 'default'],
    );
    assert.equal(verdicts.at(-1)?.recordedAt, '2026-01-05T11:00:30Z');
    assert.equal(nextCursor, null);
  });

  it('has a verdict once, however often it was asked for', async () => {
    await service.ask({ model: 'fraud', canary: 'v2' });
    assert.equal((await list()).verdicts.length, 3);
  });

  it('does not keep what could not be judged', async () => {
    await service.ask({ model: 'nope', canary: 'v2' });
    await service.ask({ model: 'fraud', canary: 'v2', guardrail: 'nope' });
    assert.equal((await list()).verdicts.length, 3);
  });

  it('is filtered by model, canary, verdict, namespace and time', async () => {
    assert.deepEqual(await ids('?model=churn'), [third?.()]);
    assert.deepEqual(await ids('?canary=v2'), [third?.(), first?.()]);
    assert.deepEqual(await ids('?verdict=rollback'), [second?.()]);
    assert.deepEqual(await ids('?namespace=default&verdict=hold'), [first?.()]);
    assert.deepEqual(await ids('?since=2026-01-05T11:00:31Z&until=2026-01-05T11:00:32Z'), [second?.()]);
    assert.deepEqual(await ids('?model=churn&canary=bad'), []);
    assert.deepEqual(await ids('?model=&verdict='), [third?.(), second?.(), first?.()]);
  });

  it('comes in pages', async () => {
    const page = await list('?limit=2');
    assert.equal(page.verdicts.length, 2);
    const rest = await list(`?limit=2&cursor=${page.nextCursor ?? ''}`);
    assert.deepEqual(
      rest.verdicts.map(({ document }) => document.id),
      [first?.()],
    );
    assert.equal(rest.nextCursor, null);
  });

  it('refuses filters that are wrong, each by name', async () => {
    for (const [query, path] of [
      ['?verdict=promoted', 'verdict'],
      ['?limit=0', 'limit'],
      ['?limit=501', 'limit'],
      ['?limit=many', 'limit'],
      ['?since=yesterday', 'since'],
      ['?modle=fraud', 'modle'],
      ['?model=a&model=b', 'model'],
      ['?cursor=nonsense', 'cursor'],
    ] as const) {
      const answer = await service.request(`/v1/verdicts${query}`);
      assert.equal(answer.status, 400, query);
      assert.match(answer.type, /^application\/problem\+json/);
      const { errors } = answer.json() as { errors: readonly { path: string }[] };
      assert.deepEqual(
        errors.map((error) => error.path),
        [path],
      );
    }
  });

  it('gives one by its id, and 404 for one that is none', async () => {
    const answer = await service.request(`/v1/verdicts/${second?.() ?? ''}`);
    assert.equal(answer.status, 200);
    assert.deepEqual((answer.json() as Page['verdicts'][number]).document, given[1]);
    for (const id of ['nope', '__proto__', '%2e%2e', 'a%20b']) {
      assert.equal((await service.request(`/v1/verdicts/${id}`)).status, 404, id);
    }
    assert.equal((await service.request('/v1/verdicts/%zz')).status, 400);
  });
});
