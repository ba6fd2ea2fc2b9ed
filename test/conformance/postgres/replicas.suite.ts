import assert from 'node:assert/strict';
import { Client } from 'pg';
import { judge } from '../../../src/judge/index.js';
import { CountBatch, openLedger, type Ledger, type RecordRequest } from '../../../src/sources/index.js';
import { at, day, noonMs, Scene } from '../../sources/ledger/conformance/scene.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { written } from '../../support/judging.js';

const models = ['a', 'b', 'c', 'd', 'e'];

/** A batch of some requests for several models, in any order. */
function batchOf(names: readonly string[], requests: number, change: object = {}): CountBatch {
  const batch = new CountBatch();
  for (const model of names) {
    for (let request = 0; request < requests; request++) {
      batch.addRequest({
        namespace: 'default',
        model,
        version: 'v2',
        atMs: noonMs + (request % 3) * 60_000,
        failed: false,
        latencyMs: 10 * request,
        predictions: new Map([['default', request / requests]]),
        ...change,
      });
    }
  }
  return batch;
}

async function observed(ledger: Ledger, model: string) {
  const query = { namespace: 'default', model, canary: 'v2', asOfMs: at(10) };
  const answer = await ledger.observe(query);
  assert.ok(answer.kind === 'observations', JSON.stringify(answer));
  return answer.observations;
}

async function requestsOf(ledger: Ledger, model: string): Promise<number> {
  const { looks } = await observed(ledger, model);
  return looks.reduce((sum, look) => sum + (look.canary?.requests ?? 0), 0);
}

describe('replicas on one database', function () {
  this.timeout(30_000);
  let server: PostgresServer | undefined;
  let databaseUrl = '';
  let replicas: readonly Ledger[] = [];
  const replica = (index: number): Ledger => {
    const found = replicas[index % replicas.length];
    assert.ok(found !== undefined);
    return found;
  };

  before(async function () {
    this.timeout(60_000);
    server = await PostgresServer.create();
  });

  after(() => server?.remove());

  beforeEach(async () => {
    databaseUrl = (await server?.database()) ?? '';
    // All at once on an empty database: one of them makes the schema.
    replicas = await Promise.all(Array.from({ length: 3 }, () => openLedger({ databaseUrl })));
    await Promise.all(replicas.map((replica) => replica.ping()));
  });

  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('count exactly what all of them were sent, models in any order', async () => {
    const recorded: Promise<unknown>[] = [];
    for (let round = 0; round < 40; round++) {
      for (const [index, replica] of replicas.entries()) {
        const turn = (round + index) % models.length;
        const names = [...models.slice(turn), ...models.slice(0, turn)];
        if (round % 2 === 1) names.reverse();
        recorded.push(replica.record(batchOf(names, 6), { nowMs: noonMs }));
      }
    }
    await Promise.all(recorded);
    for (const model of models) {
      const { looks } = await observed(replica(0), model);
      const sums = looks.map(({ canary }) => ({
        requests: canary?.requests,
        latencies: canary?.latency?.counts.reduce((sum, count) => sum + count, 0),
        scores: canary?.predictions.get('default')?.counts.reduce((sum, count) => sum + count, 0),
      }));
      const each = 40 * 3 * 2;
      assert.deepEqual(sums, Array(3).fill({ requests: each, latencies: each, scores: each }));
    }
  });

  it('create names at the same time without getting into each other’s way', async () => {
    const recorded = replicas.flatMap((replica, index) =>
      Array.from({ length: 10 }, (_, round) =>
        replica.record(
          batchOf([`model-${round}`], 4, {
            version: round % 2 === 0 ? 'v2' : `v${index}`,
            predictions: new Map([['class', ['cat', 'dog', `animal-${index}`][round % 3] ?? '']]),
          }),
          { nowMs: noonMs },
        ),
      ),
    );
    await Promise.all(recorded);
    for (const round of [0, 2, 4, 6, 8]) {
      assert.equal(await requestsOf(replica(1), `model-${round}`), 12);
    }
    const series = await replica(2).series('default', 'model-2');
    assert.deepEqual([...(series.labels.get('class') ?? [])].sort(), ['animal-0', 'animal-1', 'animal-2']);
  });

  it('count a key once that all are sent at once, and give all the same answer', async () => {
    for (let round = 0; round < 5; round++) {
      const request: RecordRequest = {
        nowMs: noonMs,
        idempotent: { key: `key-${round}`, bodyHash: 'hash', answer: `answer ${round}` },
      };
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) => replica(index).record(batchOf(['a'], 1), request)),
      );
      assert.equal(answers.filter(({ kind }) => kind === 'recorded').length, 1);
      const others = answers.filter(({ kind }) => kind !== 'recorded');
      assert.deepEqual(others, Array(11).fill({ kind: 'duplicate', answer: `answer ${round}` }));
    }
    assert.equal(await requestsOf(replica(0), 'a'), 5);
  });

  it('wait for a model that somebody holds, and count others meanwhile', async () => {
    const ledger = replica(0);
    await ledger.record(batchOf(['a', 'b'], 1), { nowMs: noonMs });
    const holder = new Client({ connectionString: databaseUrl });
    await holder.connect();
    try {
      await holder.query("begin; update models set change_marker = change_marker where name = 'a'");
      let written = false;
      const waiting = [1, 2, 3].map(() => ledger.record(batchOf(['a'], 1), { nowMs: noonMs }));
      void Promise.all(waiting).then(() => (written = true));
      for (let round = 0; round < 5; round++) await ledger.record(batchOf(['b'], 1), { nowMs: noonMs });
      assert.equal(written, false);
      assert.equal(await requestsOf(ledger, 'a'), 1);
      await holder.query('commit');
      await Promise.all(waiting);
    } finally {
      await holder.end();
    }
    assert.deepEqual([await requestsOf(ledger, 'a'), await requestsOf(ledger, 'b')], [4, 6]);
  });

  it('take the keys of many batches in any order', async () => {
    const answers = await Promise.all(
      replicas.flatMap((replica, index) =>
        Array.from({ length: 30 }, (_, round) => {
          const number = index % 2 === 0 ? round : 29 - round;
          const idempotent = { key: `key-${number}`, bodyHash: 'hash', answer: '' };
          return replica.record(batchOf([models[number % 5] ?? ''], 1), { nowMs: noonMs, idempotent });
        }),
      ),
    );
    assert.equal(answers.filter(({ kind }) => kind === 'recorded').length, 30);
  });

  it('observe and judge alike, whichever was sent what', async () => {
    const [first, second, third] = replicas.map((replica) => new Scene(replica));
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    for (let minute = 0; minute < 8; minute++) {
      const outputs = { score: minute / 8, class: minute % 2 === 0 ? 'cat' : 'Zebra' };
      await first.serve([{ version: 'v1', minute, count: 50, latencyMs: 20, outputs }]);
      await second.serve([{ version: 'v2', minute, count: 10, latencyMs: 30, outputs, id: `id-${minute}` }]);
      await third.outcomes([{ id: `id-${minute}`, minute, value: 0.1 }]);
    }
    const policy = written({
      guardrails: [{ name: 'errors', kind: 'error-rate', promoteBelow: '5%', rollbackAbove: '20%' }],
    });
    const documents = await Promise.all(
      [first, second, third].map(async (scene) => judge(policy, await scene.observe(9, { stable: 'v1' }))),
    );
    assert.deepEqual(documents[1], documents[0]);
    assert.deepEqual(documents[2], documents[0]);
    assert.equal(documents[0]?.looks, 8);
  });

  it('see each other’s change at once: markers differ, outcomes find their predictions', async () => {
    const [first, second] = replicas.map((replica) => new Scene(replica));
    assert.ok(first !== undefined && second !== undefined);
    await first.serve([{ version: 'v2', minute: -5, id: 'r1' }]);
    const before = await second.ledger.changeMarker('default', 'fraud');
    assert.equal(await second.outcomes([{ id: 'r1', minute: 0, value: 1 }]), 0);
    assert.notEqual(await first.ledger.changeMarker('default', 'fraud'), before);
    await second.verdict({ id: 'x', verdict: 'rollback', asOf: '2026-01-05T12:01:00Z' });
    await Promise.all([first, second].map((scene) => scene.verdict({ id: 'y' })));
    const { records } = await first.ledger.history.list({ limit: 10 });
    assert.deepEqual(records.map(({ document }) => document.id).sort(), ['x', 'y']);
  });

  it('sweep at the same time while they count', async () => {
    await Promise.all(
      replicas.map((replica) => replica.record(batchOf(models, 30, { id: 'r' }), { nowMs: noonMs })),
    );
    const later = noonMs + 60 * day;
    const counted = replicas.map((replica) =>
      replica.record(batchOf(models, 3, { atMs: later }), { nowMs: later }),
    );
    const reports = await Promise.all(replicas.map((replica) => replica.sweep(later)));
    await Promise.all(counted);
    assert.equal(
      reports.reduce((sum, report) => sum + report.minutes, 0),
      models.length * 3,
    );
    for (const model of models) {
      const answer = await replica(0).observe({
        namespace: 'default',
        model,
        canary: 'v2',
        asOfMs: later + 120_000,
      });
      assert.ok(answer.kind === 'observations');
      assert.equal(answer.observations.looks[0]?.canary?.requests, 9);
    }
  });
});
