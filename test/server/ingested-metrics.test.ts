import assert from 'node:assert/strict';
import { defaultNowMs, TestService } from './support/test-service.js';
import { until } from '../support/until.js';
import { readExposition, seriesOf } from '../telemetry/ingested/read-exposition.js';
import { kserveEvent, seldonEvent } from './events/wire-events.js';
import { alteredLedger } from './support/altered-ledger.js';
import { VerdictError } from '../../src/domain/errors.js';

const at = new Date(defaultNowMs - 60_000).toISOString();
const monthAgo = new Date(defaultNowMs - 29 * 86_400_000).toISOString();
const enabled = { metrics: { ingested: { enabled: true } } };

function line(extra: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { model: 'fraud', version: 'v2', at, ...extra };
}

describe('what is ingested, on /metrics', () => {
  let service: TestService;

  afterEach(() => service.close());

  /** All values of the metrics by series, without what they all begin with. */
  async function shown(): Promise<ReadonlyMap<string, number>> {
    const { values } = readExposition((await service.request('/metrics')).text);
    const start = 'ml_verdict_ingested_';
    return new Map(
      [...values].flatMap(([series, value]) =>
        series.startsWith(start) ? [[series.slice(start.length), value] as const] : [],
      ),
    );
  }

  /** Values of fraud v2, or of another version, in the default namespace. */
  async function values(
    wanted: readonly (readonly [name: string, labels?: Readonly<Record<string, string | number>>])[],
    of: Readonly<Record<string, string>> = {},
  ): Promise<readonly (number | undefined)[]> {
    const all = await shown();
    return wanted.map(([name, labels = {}]) =>
      all.get(seriesOf(name, { namespace: 'default', model: 'fraud', version: 'v2', ...of, ...labels })),
    );
  }

  it('is not there unless the config says so', async () => {
    service = await TestService.start();
    await service.ingest('predictions', [line({ prediction: 0.5 })]);
    assert.equal((await service.request('/metrics')).text.includes('ml_verdict_ingested'), false);
  });

  it('equals what was sent: requests, errors, times, scores, labels', async () => {
    service = await TestService.start({ config: enabled });
    await service.ingest('predictions', [
      line({ latencyMs: 200, prediction: 0.05 }),
      line({ latencyMs: 200.5, prediction: { default: 0.051, class: 'cat' } }),
      line({ latencyMs: 99_000, prediction: { default: 1, class: 'dog "2"\\' } }),
      line({ latencyMs: 1, status: 503, prediction: 0.7 }),
      line({ error: true }),
      line({ version: 'v1', prediction: { default: -0.5, class: 'cat' } }),
      line({ version: 'v1', at: monthAgo, prediction: 17 }),
    ]);
    const bucket = 'latency_seconds_bucket';
    assert.deepEqual(
      await values([
        ['requests_total'],
        ['errors_total'],
        [bucket, { le: 0.001 }],
        [bucket, { le: 0.15 }],
        [bucket, { le: 0.2 }],
        [bucket, { le: 0.25 }],
        [bucket, { le: 0.5 }],
        [bucket, { le: 30 }],
        [bucket, { le: '+Inf' }],
        ['latency_seconds_count'],
        ['latency_seconds_sum'],
      ]),
      [5, 2, 1, 1, 2, 3, 3, 3, 4, 4, 99.4015],
    );
    const [output, classes] = [{ output: 'default' }, { output: 'class' }];
    assert.deepEqual(
      await values([
        ['scores_bucket', { ...output, le: 0 }],
        ['scores_bucket', { ...output, le: 0.05 }],
        ['scores_bucket', { ...output, le: 0.1 }],
        ['scores_bucket', { ...output, le: 1 }],
        ['scores_count', output],
        ['scores_sum', output],
        ['labels_total', { ...classes, label: 'cat' }],
        ['labels_total', { ...classes, label: 'dog "2"\\' }],
      ]),
      [0, 1, 2, 3, 3, undefined, 1, 1],
    );
    // A late event counts when it arrives, as every other one.
    assert.deepEqual(
      await values(
        [
          ['requests_total'],
          ['scores_bucket', { ...output, le: 0 }],
          ['scores_bucket', { ...output, le: 1 }],
          ['scores_count', output],
        ],
        { version: 'v1' },
      ),
      [2, 1, 1, 2],
    );
  });

  it('equals what was sent: outcomes above and below zero, with and without ids', async () => {
    service = await TestService.start({ config: enabled });
    await service.ingest('outcomes', [
      line({ version: undefined, id: 'early', value: 8 }),
      line({ value: 2.5 }),
      line({ value: -0.25 }),
      line({ value: false }),
      line({ value: true, name: 'hit' }),
    ]);
    const outcome = 'default';
    const ofOutcome = [
      ['outcomes_total', { outcome }],
      ['outcome_sum_total', { outcome, sign: '+' }],
      ['outcome_sum_total', { outcome, sign: '-' }],
      ['outcome_squares_total', { outcome }],
    ] as const;
    assert.deepEqual(await values(ofOutcome), [3, 2.5, 0.25, 6.3125]);
    await service.ingest('predictions', [line({ id: 'early' }), line({ id: 'late', version: 'v1' })]);
    assert.deepEqual(await values(ofOutcome), [4, 10.5, 0.25, 70.3125]);
    await service.ingest('outcomes', [
      line({ version: undefined, id: 'late', value: -1 }),
      line({ version: undefined, id: 'nobody', value: 1 }),
    ]);
    assert.deepEqual(await values(ofOutcome, { version: 'v1' }), [1, 0, 1, 1]);
    assert.deepEqual(await values(ofOutcome), [4, 10.5, 0.25, 70.3125]);
    assert.deepEqual(await values([['outcomes_total', { outcome: 'hit' }], ['requests_total']]), [1, 1]);
  });

  it('counts no refused line, and nothing twice for a repeated key', async () => {
    service = await TestService.start({ config: enabled });
    const body = [line(), { ...line(), latencyMs: 'soon' }, line({ at: '2020-01-01T00:00:00Z' })]
      .map((one) => JSON.stringify(one))
      .join('\n');
    for (const key of ['a', 'a', 'b']) {
      await service.post('/v1/predictions', body, { 'Idempotency-Key': key });
    }
    const conflict = await service.post('/v1/predictions', `${body}\n`, { 'Idempotency-Key': 'a' });
    assert.equal(conflict.status, 422);
    assert.deepEqual(await values([['requests_total']]), [2]);
  });

  it('counts nothing that the ledger did not take', async () => {
    let isAway = true;
    service = await TestService.start({
      config: enabled,
      wrapLedger: (ledger) =>
        alteredLedger(ledger, {
          record: (batch, request) =>
            isAway
              ? Promise.reject(new VerdictError('unavailable', 'the ledger is away'))
              : ledger.record(batch, request),
        }),
    });
    const send = () => service.post('/v1/predictions', JSON.stringify(line()));
    assert.equal((await send()).status, 503);
    assert.deepEqual(await values([['requests_total']]), [undefined]);
    isAway = false;
    assert.equal((await send()).status, 200);
    assert.deepEqual(await values([['requests_total']]), [1]);
  });

  it('counts what payload loggers send, and the feedback of Seldon', async () => {
    service = await TestService.start({ config: { ...enabled, events: { saveEvery: '20ms' } } });
    const now = { 'Ce-Time': new Date(defaultNowMs).toISOString() };
    const several = { predictions: [0.25, 0.5, 0.75] };
    const events = [
      kserveEvent('response', { headers: now, body: several }),
      seldonEvent('inference.response', {
        id: 'p1',
        headers: now,
        body: { meta: { puid: 'p1' }, data: { ndarray: [0.5] } },
      }),
      seldonEvent('feedback', {
        headers: now,
        body: { reward: -2, response: { meta: { puid: 'p1' } } },
      }),
      kserveEvent('response', { headers: now, body: several }),
    ];
    for (const { headers, body } of events) {
      const answer = await service.post('/v1/events/ml/fraud/v2', JSON.stringify(body), headers);
      assert.equal(answer.status, 200);
    }
    await until(async () => (await service.metric('ml_verdict_events_total', { result: 'counted' })) === 3);
    const output = { output: 'default' };
    const outcome = { outcome: 'default' };
    // The event that came a second time does not count.
    assert.deepEqual(
      await values(
        [
          ['requests_total'],
          ['scores_count', output],
          ['outcomes_total', outcome],
          ['outcome_sum_total', { ...outcome, sign: '-' }],
        ],
        { namespace: 'ml' },
      ),
      [2, 4, 1, 2],
    );
  });

  it('comes and goes with the config, and its counters outlive a reload', async () => {
    service = await TestService.start({ config: {} });
    const reload = async (ingested: Readonly<Record<string, unknown>>): Promise<void> => {
      service.writeConfig({ metrics: { ingested } });
      assert.equal(await service.server.reload(), true);
    };
    await service.ingest('predictions', [line()]);
    await reload({ enabled: true });
    assert.deepEqual(await values([['requests_total']]), [undefined]);
    await service.ingest('predictions', [line(), line()]);
    await reload({ enabled: true, maxSeries: 100 });
    assert.deepEqual(await values([['requests_total']]), [2]);
    await reload({ enabled: false });
    await service.ingest('predictions', [line()]);
    assert.equal((await shown()).size, 0);
    await reload({ enabled: true });
    await service.ingest('predictions', [line()]);
    assert.deepEqual(await values([['requests_total']]), [3]);
  });

  it('is bounded: versions that do not fit are left out whole, and models that are not wanted', async () => {
    service = await TestService.start({
      config: {
        metrics: {
          ingested: { enabled: true, maxSeries: 10, latencyBuckets: ['200ms', 0.5], models: ['fr*', 'ml/m'] },
        },
      },
    });
    await service.ingest('predictions', [
      line({ model: 'churn' }),
      line({ model: 'm' }),
      line({ namespace: 'ml', model: 'm', version: 'v1' }),
      line({ latencyMs: 3 }),
    ]);
    await service.ingest('predictions', [line({ version: 'v3', latencyMs: 3 }), line({ version: 'v3' })]);
    const all = await shown();
    const own = [...all.keys()].filter((series) => !series.startsWith('dropped'));
    assert.equal(own.length, 2 + 7);
    assert.equal(own.filter((series) => series.includes('"v2"')).length, 7);
    assert.equal(all.get(seriesOf('dropped_total', { reason: 'max-series' })), 2);
    const told = service.logged.filter((text) => text.includes('metrics.ingested.maxSeries'));
    assert.equal(told.length, 1, told.join(''));
    assert.match(told.join(), /"version":"v3"/);
  });

  it('has the bounds that the config has for a model and an output', async () => {
    service = await TestService.start({
      config: {
        metrics: {
          ingested: {
            enabled: true,
            scoreBuckets: [0.5],
            scoreBucketsFor: {
              prices: { '*': [1000], margin: [-10, 0, 10] },
              'shop/prices': { default: [0.25] },
            },
          },
        },
      },
    });
    const prediction = { default: 990, margin: -9.99, constructor: 0.1 };
    await service.ingest('predictions', [
      { model: 'prices', version: 'v1', at, prediction },
      { model: 'prices', namespace: 'shop', version: 'v1', at, prediction },
      { model: 'constructor', version: 'v1', at, prediction },
    ]);
    const bounds = [...(await shown()).keys()]
      .filter((series) => series.startsWith('scores_bucket'))
      .map((series) => new Map(JSON.parse(series.slice(series.indexOf(' ') + 1)) as [string, string][]))
      .map((labels) => [
        `${labels.get('namespace') ?? ''}/${labels.get('model') ?? ''}/${labels.get('output') ?? ''}`,
        labels.get('le') ?? '',
      ]);
    const boundsOf = (output: string) => bounds.flatMap(([of, le]) => (of === output ? [le] : []));
    assert.deepEqual(boundsOf('default/constructor/default'), ['0.5', '+Inf']);
    assert.deepEqual(boundsOf('default/constructor/constructor'), ['0.5', '+Inf']);
    assert.deepEqual(boundsOf('shop/prices/default'), ['0.25', '+Inf']);
    // Outside of [0, 1] on the nearest edge of the grid.
    const [thousand] = boundsOf('default/prices/default');
    assert.ok(Math.abs(Number(thousand) / 1000 - 1) < 0.0201, thousand);
    const [minusTen, zero, ten] = boundsOf('shop/prices/margin');
    assert.ok(Math.abs(Number(minusTen) / -10 - 1) < 0.0201 && zero === '0', minusTen);
    assert.equal(Number(ten), -Number(minusTen));
  });

  it('stands beside the start of the process, from which a first value counts', async () => {
    service = await TestService.start({ config: enabled, processMetrics: true });
    const started = await service.metric('process_start_time_seconds');
    assert.ok(Math.abs(started - (Date.now() / 1000 - process.uptime())) < 5, String(started));
  });
});
