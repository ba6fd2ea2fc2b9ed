import assert from 'node:assert/strict';
import { until } from '../../../support/until.js';
import { apiError, healthy, oneSeries } from './support/answers.js';
import { clientOf, reasonOf } from './support/client.js';
import { answering, FakeServer, type Handler } from './support/fake-server.js';

describe('the breaker of a Prometheus server', () => {
  let fake: FakeServer;
  const failing: Handler = (_, response) => {
    response.writeHead(500).end();
  };

  beforeEach(async () => {
    fake = await FakeServer.start(failing);
  });

  afterEach(async () => {
    await fake.stop();
  });

  it('opens after five failures in a row, tells the last one, and closes when a query shows that the server is back', async () => {
    const { ask, breaker, outcomes } = clientOf(fake.url(), {}, { openMs: 60 });
    for (let times = 0; times < 5; times++) await ask();
    assert.deepEqual(breaker, ['open']);
    assert.match(
      reasonOf(await ask()),
      /was not asked: it failed 5 times in a row and is tried again 60 ms later; the last time it fails \(500\)$/,
    );
    assert.equal(fake.requests.length, 5);
    assert.equal(outcomes.at(-1), 'broken');
    fake.handler = answering(healthy);
    await until(async () => (await ask()).kind === 'series');
    assert.deepEqual(breaker, ['open', 'half-open', 'closed']);
    assert.equal(fake.requests.length, 6);
  });

  it('opens again after one more failure, and lets only one query try', async () => {
    const { ask, breaker } = clientOf(fake.url(), {}, { openMs: 60 });
    for (let times = 0; times < 5; times++) await ask();
    await until(async () => {
      const kinds = await Promise.all([ask(), ask(), ask()]);
      assert.ok(kinds.every(({ kind }) => kind === 'unavailable'));
      return fake.requests.length > 5;
    });
    assert.equal(fake.requests.length, 6);
    assert.deepEqual(breaker, ['open', 'half-open', 'open']);
  });

  it('lets all queries through that waited for one that tried and succeeded', async () => {
    const { ask } = clientOf(fake.url(), {}, { openMs: 60 });
    for (let times = 0; times < 5; times++) await ask();
    fake.handler = answering(healthy);
    await until(async () => {
      const kinds = (await Promise.all([ask(), ask(), ask()])).map(({ kind }) => kind);
      assert.equal(new Set(kinds).size, 1);
      return kinds[0] === 'series';
    });
    assert.equal(fake.requests.length, 8);
  });

  for (const [what, handler] of [
    ['queries that are wrong', answering(apiError('bad_data', 'x'), 400)],
    ['queries that cannot be run', answering(apiError('execution', 'x'), 422)],
    [
      'credentials that are refused',
      (_: unknown, response: Parameters<Handler>[1]) => void response.writeHead(401).end(),
    ],
    [
      'an API that is elsewhere',
      (_: unknown, response: Parameters<Handler>[1]) => void response.writeHead(404).end(),
    ],
    ['partial answers', answering({ ...healthy, isPartial: true })],
  ] as const) {
    it(`stays closed for ${what}`, async () => {
      fake.handler = handler;
      const { ask, breaker } = clientOf(fake.url());
      for (let times = 0; times < 7; times++) await ask();
      assert.deepEqual([fake.requests.length, breaker], [7, []]);
    });
  }

  it('stays closed for answers that are too large, and for callers that give up', async () => {
    fake.handler = answering(healthy);
    const { ask, breaker } = clientOf(fake.url(), { maxResponseBytes: 10 });
    for (let times = 0; times < 7; times++) reasonOf(await ask());
    assert.equal(fake.requests.length, 7);
    fake.handler = () => undefined;
    for (let times = 0; times < 7; times++) reasonOf(await ask(AbortSignal.timeout(5)));
    assert.deepEqual(breaker, []);
  });

  it('opens for a server that does not answer in time', async () => {
    fake.handler = () => undefined;
    const { ask, breaker } = clientOf(fake.url(), { timeoutMs: 20 });
    await Promise.all([ask(), ask(), ask(), ask(), ask()]);
    assert.deepEqual(breaker, ['open']);
  });

  it('is not closed by callers that give up between failures', async () => {
    const { ask, breaker } = clientOf(fake.url());
    for (let times = 0; times < 4; times++) await ask();
    fake.handler = () => undefined;
    await ask(AbortSignal.timeout(5));
    fake.handler = failing;
    await ask();
    assert.deepEqual(breaker, ['open']);
  });

  it('begins to count anew after an answer', async () => {
    const { ask, breaker } = clientOf(fake.url());
    for (let times = 0; times < 4; times++) await ask();
    fake.handler = answering(healthy);
    await ask();
    fake.handler = failing;
    for (let times = 0; times < 4; times++) await ask();
    assert.deepEqual(breaker, []);
  });
});

describe('the places of a Prometheus server', () => {
  let fake: FakeServer;
  let held: (() => void)[] = [];

  beforeEach(async () => {
    held = [];
    fake = await FakeServer.start((request, response) => {
      held.push(() => {
        void answering(healthy)(request, response);
      });
    });
  });

  afterEach(async () => {
    await fake.stop();
  });

  it('let so many queries go at a time, and the others one after the other', async () => {
    const { ask, outcomes } = clientOf(fake.url(), { concurrency: 2 });
    const answers = Array.from({ length: 5 }, () => ask());
    for (let done = 0; done < 5; done++) {
      await until(() => held.length > 0);
      assert.ok(fake.requests.length - done <= 2);
      held.shift()?.();
    }
    assert.ok((await Promise.all(answers)).every(({ kind }) => kind === 'series'));
    assert.equal(outcomes.length, 5);
  });

  it('refuse those that find no place to wait', async () => {
    const { ask, outcomes } = clientOf(fake.url(), { concurrency: 1 });
    const answers = Array.from({ length: 21 }, () => ask());
    await until(() => held.length === 1);
    const reason = reasonOf(await ask());
    assert.match(reason, /was not asked: 1 queries are under way \(concurrency\) and 20 wait$/);
    assert.deepEqual(outcomes, ['overloaded']);
    fake.handler = answering(healthy);
    held.shift()?.();
    assert.ok((await Promise.all(answers)).every(({ kind }) => kind === 'series'));
  });

  it('end the wait of those whose turn does not come in time, without asking for them', async () => {
    const { ask, outcomes } = clientOf(fake.url(), { concurrency: 1, timeoutMs: 80 });
    const answers = [ask(), ask(), ask()];
    // The place of the first goes to the second, if that still waits, for as long again.
    assert.match(
      reasonOf((await Promise.all(answers))[2] ?? { kind: 'none' }),
      /was not asked: 80 ms were spent waiting for one of its 1 places/,
    );
    assert.ok(outcomes.includes('timeout') && outcomes.includes('overloaded'));
    const asked = fake.requests.length;
    assert.ok(asked <= 2);
    fake.handler = answering(healthy);
    assert.equal((await ask()).kind, 'series');
    assert.equal(fake.requests.length, asked + 1);
  });

  it('end the wait of a caller that gives up, and go to the next one', async () => {
    const { ask } = clientOf(fake.url(), { concurrency: 1 });
    const first = ask();
    const controller = new AbortController();
    const second = ask(controller.signal);
    const third = ask();
    await until(() => held.length === 1);
    controller.abort();
    assert.match(reasonOf(await second), /was not asked: the deadline of the caller ended the wait/);
    fake.handler = answering(healthy);
    held.shift()?.();
    assert.deepEqual([(await first).kind, (await third).kind], ['series', 'series']);
    assert.equal(fake.requests.length, 2);
  });

  it('are each server’s own', async () => {
    const other = await FakeServer.start(
      answering({ ...healthy, data: { resultType: 'matrix', result: [oneSeries] } }),
    );
    const slow = clientOf(fake.url(), { concurrency: 1 }).ask();
    assert.equal((await clientOf(other.url(), { concurrency: 1 }).ask()).kind, 'series');
    await until(() => held.length === 1);
    held.shift()?.();
    assert.equal((await slow).kind, 'series');
    await other.stop();
  });
});
