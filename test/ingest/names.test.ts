import assert from 'node:assert/strict';
import { openMemoryLedger, type Ledger } from '../../src/sources/index.js';
import { ingestPredictions } from '../../src/ingest/index.js';
import { answerOf, linesOf, noonMs, Sender } from './support.js';

const base = { model: 'fraud', version: 'v2', at: '2026-01-05T12:00:00Z' };

describe('the names of a body', () => {
  const opened: Ledger[] = [];

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
  });

  async function sender(settings: Parameters<typeof openMemoryLedger>[0] = {}): Promise<Sender> {
    const ledger = await openMemoryLedger(settings);
    opened.push(ledger);
    return new Sender(ledger);
  }

  it('may be of so many models; a line of one more is refused, with the limit and its setting', async () => {
    const s = await sender({ maxModels: 3 });
    const limits = { maxModels: 3 };
    await s.predictions(linesOf(base), { limits });
    const body = linesOf(...['a', 'b', 'c', 'd', 'a'].map((model) => ({ ...base, model })), {
      ...base,
      namespace: 'other',
    });
    const { accepted, refused } = answerOf(await s.predictions(body, { limits }));
    assert.equal(accepted, 3);
    assert.deepEqual(
      refused.map(({ line, field }) => [line, field]),
      [
        [3, 'model'],
        [4, 'model'],
        [6, 'model'],
      ],
    );
    assert.match(refused[0]?.reason ?? '', /at most 3 models of the ledger \(ingest\.maxModels\)/);
    assert.equal(answerOf(await s.predictions(linesOf(base), { limits })).accepted, 1);
  });

  it('may be so many versions, of predictions and of outcomes', async () => {
    const s = await sender({ maxVersions: 3 });
    const limits = { maxVersions: 3 };
    const body = linesOf(...['v1', 'v2', 'v3', 'v4', 'v1'].map((version) => ({ ...base, version })));
    const { accepted, refused } = answerOf(await s.predictions(body, { limits }));
    assert.deepEqual([accepted, refused[0]?.line, refused[0]?.field], [4, 4, 'version']);
    assert.match(refused[0]?.reason ?? '', /at most 3 versions of a model \(ingest\.maxVersions\)/);
    const outcomes = answerOf(
      await s.outcomes(
        linesOf({ model: 'fraud', version: 'v9', value: 1 }, { model: 'fraud', version: 'v3', value: 1 }),
        { limits },
      ),
    );
    assert.deepEqual([outcomes.accepted, outcomes.refused[0]?.field], [1, 'version']);
  });

  it('may be any labels; those beyond the limit are counted together, those that are known are not', async () => {
    const s = await sender({ maxLabels: 3 });
    const limits = { maxLabels: 3 };
    const labels = (...given: string[]) => linesOf(...given.map((prediction) => ({ ...base, prediction })));
    assert.equal(answerOf(await s.predictions(labels('a', 'b'), { limits })).accepted, 2);
    // What is new comes first and leaves no room for itself, not for what is known.
    const later = answerOf(await s.predictions(labels('x', 'y', 'z', 'a', 'b', 'x'), { limits }));
    assert.equal(later.accepted, 6);
    const { looks } = await s.observe();
    assert.deepEqual(looks[0]?.canary?.predictions.get('default'), {
      kind: 'labels',
      labels: ['a', 'b', 'x'],
      counts: [2, 2, 2, 2],
    });
  });

  it('may be names that objects have already', async () => {
    const s = await sender();
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const lines = names.flatMap((name) => [
      { ...base, model: name, version: name, namespace: name, prediction: name },
      `{"model":"fraud","version":"v2","at":"2026-01-05T12:00:00Z","prediction":{"${name}":1}}`,
    ]);
    assert.equal(answerOf(await s.predictions(linesOf(...lines))).accepted, 8);
    const { looks } = await s.observe();
    assert.deepEqual([...(looks[0]?.canary?.predictions.keys() ?? [])].sort(), [...names].sort());
    for (const name of names) {
      const query = { namespace: name, model: name, canary: name, asOfMs: noonMs + 600_000 };
      const answer = await s.ledger.observe(query);
      assert.ok(answer.kind === 'observations');
      assert.deepEqual(answer.observations.looks[0]?.canary?.predictions.get('default'), {
        kind: 'labels',
        labels: [name],
        counts: [1, 0],
      });
    }
  });

  it('take bounded memory, however many they are', async () => {
    const s = await sender();
    const lines = 60_000;
    async function* body(): AsyncGenerator<string> {
      for (let line = 0; line < lines; line++) {
        const kind = line % 3;
        yield await Promise.resolve(
          `${JSON.stringify({
            ...base,
            model: kind === 0 ? `model-${line}` : 'fraud',
            version: kind === 1 ? `version-${line}` : 'v2',
            prediction: `label-${line}`,
          })}\n`,
        );
      }
    }
    let recorded: Parameters<Ledger['record']>[0] | undefined;
    const ledger = {
      settings: s.ledger.settings,
      series: (namespace: string, model: string) => s.ledger.series(namespace, model),
      models: () => s.ledger.models(),
      record: (...given: Parameters<Ledger['record']>) => {
        recorded = given[0];
        return Promise.resolve({ kind: 'recorded', unmatched: 0 } as const);
      },
    };
    const { accepted, refused } = answerOf(await ingestPredictions(body(), { ledger, now: () => noonMs }));
    // All of the third kind, a thousand models and nearly a thousand versions.
    assert.equal(accepted, lines / 3 + 1000 + 999 - 1);
    assert.equal(refused.length, 1001);
    const models = recorded?.models() ?? [];
    assert.equal(models.length, 1000);
    assert.ok((recorded?.cells ?? Infinity) <= 2 * (1000 + 1000), String(recorded?.cells));
    const labels = models.flatMap(({ versions }) =>
      [...versions.values()].flatMap((minutes) =>
        [...minutes.values()].flatMap(({ outputs }) =>
          [...outputs.values()].map((output) => (output.kind === 'labels' ? output.labels.size : 0)),
        ),
      ),
    );
    assert.ok(labels.every((size) => size <= 200));
  });
});
