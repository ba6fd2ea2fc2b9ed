import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observationsToFile } from '../../src/domain/observations-file.js';
import { openMemoryLedger, type Ledger } from '../../src/sources/index.js';
import { answerOf, bodyOf, linesOf, noonMs, Sender } from './support.js';
import { ingestPredictions } from '../../src/ingest/index.js';

describe('ingest', () => {
  const opened: Ledger[] = [];
  const base = { model: 'fraud', version: 'v2' };

  async function sender(): Promise<Sender> {
    const ledger = await openMemoryLedger();
    opened.push(ledger);
    return new Sender(ledger);
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
  });

  it('answers how many lines were counted, and names the others', async () => {
    const s = await sender();
    const body = linesOf({ ...base, prediction: 0.5 }, 'nonsense', '', { ...base, status: 700 }, base);
    const result = await s.predictions(body);
    assert.deepEqual(answerOf(result), {
      accepted: 2,
      refused: [
        {
          line: 2,
          field: '',
          reason: 'expected one JSON object, got something that does not begin with "{"',
        },
        { line: 4, field: 'status', reason: 'expected an HTTP status from 100 to 599, got 700' },
      ],
      duplicate: false,
    });
    assert.equal(await s.requests(), 2);
  });

  it('answers as well when every line was refused, or there was none', async () => {
    const s = await sender();
    const all = answerOf(await s.predictions(linesOf({}, {})));
    assert.deepEqual([all.accepted, all.refused.length], [0, 2]);
    assert.deepEqual(answerOf(await s.outcomes('')), { accepted: 0, refused: [], duplicate: false });
  });

  /** How many turns of the event loop a piece of work leaves to others. */
  async function turnsDuring(work: Promise<unknown>): Promise<number> {
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    await work;
    done = true;
    return turns;
  }

  it('lets others through while a body with thousands of models, or of versions, is read and written', async () => {
    const s = await sender();
    const models = Array.from({ length: 900 }, (_, index) => ({ ...base, model: `m${index}`, id: 'r' }));
    assert.ok((await turnsDuring(s.predictions(linesOf(...models)))) >= 1500);
    const versions = Array.from({ length: 1000 }, (_, index) => ({ ...base, version: `v${index}`, id: 'r' }));
    assert.ok((await turnsDuring(s.predictions(JSON.stringify(versions)))) >= 1000);
    assert.equal(await s.requests(), 1);
  });

  it('takes a JSON array as well as lines', async () => {
    const s = await sender();
    assert.equal(answerOf(await s.predictions(JSON.stringify([base, base, base], null, 2))).accepted, 3);
    assert.equal(await s.requests(), 3);
  });

  it('refuses numbers for an output that has labels, in the body and over bodies, and keeps the others', async () => {
    const s = await sender();
    const body = linesOf(
      { ...base, prediction: 'cat' },
      { ...base, prediction: 0.5 },
      { ...base, version: 'v1', prediction: 'dog' },
      { ...base, error: true, prediction: 0.5 },
      { ...base, model: 'other', prediction: 0.5 },
      { ...base, prediction: { score: 0.5 } },
    );
    const { accepted, refused } = answerOf(await s.predictions(body));
    assert.equal(accepted, 5);
    assert.equal(refused.length, 1);
    assert.equal(refused[0]?.line, 2);
    assert.equal(refused[0].field, 'prediction');
    assert.match(refused[0].reason, /^expected a label as in the earlier lines of output "default"/);
    const later = answerOf(
      await s.predictions(linesOf({ ...base, prediction: 1 }, { ...base, prediction: { score: 'x' } })),
    );
    assert.equal(later.accepted, 0);
    assert.match(later.refused[1]?.reason ?? '', /^expected a number .* output "score"/);
  });

  it('bounds the outputs and outcomes of a model', async () => {
    const s = await sender();
    const limits = { maxSeries: 2 };
    const outputs = linesOf(
      { ...base, prediction: { a: 1, b: 1 } },
      { ...base, prediction: { c: 1 } },
      { ...base, prediction: { b: 2 } },
    );
    const predictions = answerOf(await s.predictions(outputs, { limits }));
    assert.deepEqual(
      predictions.refused.map(({ line, field }) => [line, field]),
      [[2, 'prediction']],
    );
    const names = ['x', 'y', 'z', 'x'].map((name) => ({ ...base, name, value: 1 }));
    const outcomes = answerOf(await s.outcomes(linesOf(...names), { limits }));
    assert.deepEqual(
      outcomes.refused.map(({ line, field }) => [line, field]),
      [[3, 'name']],
    );
  });

  it('counts once for a key, and answers the first answer again', async () => {
    const s = await sender();
    const body = linesOf(base, 'nonsense');
    const first = answerOf(await s.predictions(body, { idempotencyKey: 'k' }));
    const second = await s.predictions(body, { idempotencyKey: 'k' });
    assert.deepEqual(answerOf(second), { ...first, duplicate: true });
    assert.ok(second.kind === 'answered');
    assert.deepEqual(second.tally, { accepted: 0, refused: 0, late: 0, unmatched: 0 });
    assert.equal(await s.requests(), 1);
  });

  it('refuses a key with another body, however it is cut, and not one of the other route', async () => {
    const s = await sender();
    const idempotencyKey = 'k';
    await s.predictions(linesOf(base), { idempotencyKey });
    const other = await s.predictions(linesOf(base, base), { idempotencyKey });
    assert.ok(other.kind === 'failed');
    assert.equal(other.error.code, 'conflict');
    assert.equal(await s.requests(), 1);
    const text = linesOf(base);
    const cut = bodyOf(text.slice(0, 5), text.slice(5));
    const same = await ingestPredictions(cut, { ledger: s.ledger, now: () => noonMs, idempotencyKey });
    assert.equal(answerOf(same).duplicate, true);
    const outcome = await s.outcomes(linesOf({ ...base, value: 1 }), { idempotencyKey });
    assert.equal(answerOf(outcome).duplicate, false);
  });

  it('counts once for a key when all come at the same time', async () => {
    const s = await sender();
    const all = await Promise.all(
      Array.from({ length: 12 }, () => s.predictions(linesOf(base, base), { idempotencyKey: 'k' })),
    );
    assert.equal(all.map(answerOf).filter((answer) => !answer.duplicate).length, 1);
    assert.equal(await s.requests(), 2);
  });

  it('keeps the answer of a body in which nothing was accepted', async () => {
    const s = await sender();
    const first = answerOf(await s.predictions('x', { idempotencyKey: 'k' }));
    assert.deepEqual(answerOf(await s.predictions('x', { idempotencyKey: 'k' })), {
      ...first,
      duplicate: true,
    });
  });

  it('refuses a key that is empty or too long', async () => {
    const s = await sender();
    for (const idempotencyKey of ['', 'k'.repeat(256)]) {
      const result = await s.predictions(linesOf(base), { idempotencyKey });
      assert.ok(result.kind === 'failed');
      assert.equal(result.error.code, 'invalid-input');
      assert.equal(result.error.fields[0]?.path, 'Idempotency-Key');
    }
  });

  it('counts nothing of a body that is too large or breaks off', async () => {
    const s = await sender();
    await s.predictions(linesOf(base));
    const large = await s.predictions(linesOf(base, base), { limits: { maxBodyBytes: 40 } });
    assert.ok(large.kind === 'failed');
    assert.equal(large.error.code, 'too-large');
    async function* broken(): AsyncGenerator<string> {
      yield await Promise.resolve(`${linesOf(base)}\n`);
      throw new Error('aborted');
    }
    const cut = await ingestPredictions(broken(), { ledger: s.ledger, now: () => noonMs });
    assert.ok(cut.kind === 'failed');
    assert.equal(cut.error.code, 'invalid-input');
    assert.equal(await s.requests(), 1);
  });

  it('says when the ledger cannot be used', async () => {
    const s = await sender();
    await s.ledger.close();
    const result = await s.predictions(linesOf(base));
    assert.ok(result.kind === 'failed');
    assert.equal(result.error.code, 'unavailable');
  });

  it('names so many refused lines and says how many more there are', async () => {
    const s = await sender();
    const result = await s.predictions('x\n'.repeat(7), { limits: { maxRefusals: 3 } });
    const { refused } = answerOf(result);
    assert.deepEqual(
      refused.map(({ line }) => line),
      [1, 2, 3, 4],
    );
    assert.equal(refused.at(-1)?.reason, 'this line and 3 more after it were refused as well');
    assert.ok(result.kind === 'answered');
    assert.equal(result.tally.refused, 7);
  });

  it('tells how many lines came after their look was closed', async () => {
    const s = await sender();
    const at = (ms: number) => ({ ...base, at: new Date(noonMs + ms).toISOString() });
    const now = () => noonMs + 10_000;
    const result = await s.predictions(linesOf(at(-1), at(0), at(-60_000), base), { now });
    assert.ok(result.kind === 'answered');
    assert.equal(result.tally.late, 2);
  });

  it('joins outcomes by id and tells how many found no prediction', async () => {
    const s = await sender();
    await s.predictions(linesOf({ ...base, id: 'a', at: '2026-01-05T11:50:00Z' }));
    const result = await s.outcomes(
      linesOf(
        { model: 'fraud', id: 'a', value: 3, name: 'revenue' },
        { model: 'fraud', id: 'b', value: 4, name: 'revenue' },
        { ...base, value: false, name: 'revenue' },
      ),
    );
    assert.deepEqual(answerOf(result), { accepted: 3, refused: [], duplicate: false });
    assert.ok(result.kind === 'answered');
    assert.equal(result.tally.unmatched, 1);
    const { looks } = await s.observe();
    assert.deepEqual(looks[0]?.canary?.outcomes.get('revenue'), { count: 1, sum: 3, sumOfSquares: 9 });
    assert.deepEqual(looks[1]?.canary?.outcomes.get('revenue'), { count: 1, sum: 0, sumOfSquares: 0 });
  });

  it('never tells a prediction, an outcome or an id in what it refuses', async () => {
    const s = await sender();
    const secret = 'anna@example.org';
    const long = secret.repeat(40);
    const refusals = [
      answerOf(
        await s.predictions(linesOf(`{"${secret}`, { ...base, prediction: long }, { ...base, id: long })),
      ),
      answerOf(
        await s.predictions(
          linesOf({ ...base, prediction: [secret] }, { ...base, prediction: { a: [secret] } }),
        ),
      ),
      answerOf(await s.outcomes(linesOf({ ...base, value: secret }, { ...base, id: [secret], value: 1 }))),
    ].flatMap(({ refused }) => refused);
    assert.equal(refusals.length, 7);
    assert.doesNotMatch(JSON.stringify(refusals), /anna/);
  });

  it('counts the same for any way of cutting the body into pieces', async () => {
    const line = fc.oneof(
      fc.record({
        model: fc.constant('fraud'),
        version: fc.constantFrom('v1', 'v2'),
        status: fc.constantFrom(200, 500),
        prediction: fc.constantFrom(0.25, 0.5, 'label'),
        at: fc.constantFrom('2026-01-05T11:58:00Z', '2026-01-05T11:59:00Z'),
      }),
      fc.constantFrom('nonsense', ''),
    );
    const places = fc.array(fc.nat(400), { maxLength: 6 });
    const first = { ...base, at: '2026-01-05T11:58:00Z' };
    const counted = async (pieces: readonly Uint8Array[]) => {
      const s = await sender();
      const result = await ingestPredictions(bodyOf(...pieces), { ledger: s.ledger, now: () => noonMs });
      const observations = observationsToFile(await s.observe());
      await s.ledger.close();
      return { result, observations };
    };
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 15 }), places, async (lines, cuts) => {
        const bytes = Buffer.from(linesOf(first, ...lines));
        const at = [...new Set(cuts.map((place) => place % bytes.length))].sort((a, b) => a - b);
        const pieces = [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
        assert.deepEqual(await counted(pieces), await counted([bytes]));
      }),
      { numRuns: 25 },
    );
  });
});
