import assert from 'node:assert/strict';
import { VerdictError } from '../../../src/domain/errors.js';
import type { Ledger, ObservationAnswer } from '../../../src/sources/index.js';
import { alteredLedger } from '../support/altered-ledger.js';
import { TestService } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

const subject = { model: 'fraud', canary: 'v2', stable: 'v1' };

/** A service that counts how often its ledger is read; `observe` may be replaced. */
async function countingService(
  observe: (ledger: Ledger, ...query: Parameters<Ledger['observe']>) => Promise<ObservationAnswer> = (
    ledger,
    ...query
  ) => ledger.observe(...query),
  config: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly service: TestService; readonly reads: () => number }> {
  let reads = 0;
  const service = await TestService.start({
    config,
    wrapLedger: (ledger) =>
      alteredLedger(ledger, {
        observe: (...query) => {
          reads++;
          return observe(ledger, ...query);
        },
      }),
  });
  await service.ingest('predictions', predictionLines({ version: 'v1', minutes: 10, perMinute: 60 }));
  await service.ingest('predictions', predictionLines({ version: 'v2', minutes: 5, perMinute: 20 }));
  return { service, reads: () => reads };
}

describe('the verdict service', () => {
  const open: TestService[] = [];

  async function started(...parts: Parameters<typeof countingService>) {
    const counting = await countingService(...parts);
    open.push(counting.service);
    return counting;
  }

  afterEach(async () => {
    for (const service of open.splice(0)) await service.close();
  });

  describe('answers the same question about the same look once', () => {
    it('however many ask at the same time', async () => {
      const { service, reads } = await started();
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => service.post('/v1/verdict', JSON.stringify(subject))),
      );
      assert.equal(reads(), 1);
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
      assert.equal(await service.metric('ml_verdict_verdict_answers_total', { from: 'evaluated' }), 1);
      const shared = await service.metric('ml_verdict_verdict_answers_total', { from: 'shared' });
      const cached = await service.metric('ml_verdict_verdict_answers_total', { from: 'cached' });
      assert.equal(shared + cached, 99);
    });

    it('whichever way it is written', async () => {
      const { service, reads } = await started();
      const first = await service.ask({ ...subject, confidence: '0.8', weight: '5' });
      assert.deepEqual(
        await service.askByQuery('stable=v1&canary=v2&model=fraud&weight=5%25&confidence=80%25&mode='),
        first,
      );
      assert.equal(reads(), 1);
    });

    it('and the same for another step, which the history keeps', async () => {
      const { service, reads } = await started();
      const first = await service.ask({ ...subject, step: '1' });
      assert.deepEqual(await service.ask({ ...subject, step: '2' }), first);
      assert.deepEqual(await service.ask({ ...subject, step: '2' }), first);
      assert.equal(reads(), 2);
    });

    it('and another question on its own', async () => {
      const { service, reads } = await started();
      const others = [
        {},
        { guardrail: 'error-rate' },
        { guardrail: 'error-rate', promoteWith: 'all' },
        { weight: '5' },
        { confidence: '0.8' },
        { policy: 'progressive' },
        { stable: '' },
        { since: '2026-01-05T10:58:00Z' },
        { asOf: '2026-01-05T10:59:30Z' },
        { guardrails: { 'error-rate': { rollbackAbove: '2%' } } },
      ];
      const ids = new Set<string>();
      for (const other of others) ids.add((await service.ask({ ...subject, ...other })).id);
      assert.equal(reads(), others.length);
      assert.equal(ids.size, others.length);
    });

    it('until the next look has settled', async () => {
      const { service, reads } = await started();
      const first = await service.ask(subject);
      service.clock.nowMs = Date.parse('2026-01-05T11:01:09.999Z');
      assert.deepEqual(await service.ask(subject), first);
      assert.equal(reads(), 1);
      service.clock.nowMs = Date.parse('2026-01-05T11:01:10Z');
      const next = await service.ask(subject);
      assert.equal(reads(), 2);
      assert.equal(next.asOf, '2026-01-05T11:01:00Z');
      assert.notEqual(next.id, first.id);
    });

    it('until a late event changes a look', async () => {
      const { service, reads } = await started();
      const first = await service.ask(subject);
      await service.ingest('predictions', [
        { model: 'fraud', version: 'v2', at: '2026-01-05T10:59:59Z', latencyMs: 80 },
      ]);
      const later = await service.ask(subject);
      assert.equal(reads(), 2);
      assert.notEqual(later.id, first.id);
      await service.ingest('predictions', [{ model: 'other', version: 'v2', at: '2026-01-05T10:59:59Z' }]);
      await service.ask(subject);
      assert.equal(reads(), 2);
    });

    it('also where the answer is that a name is unknown, until it is known', async () => {
      const { service, reads } = await started();
      for (let asked = 0; asked < 3; asked++) {
        assert.equal((await service.ask({ ...subject, canary: 'v9' })).reasons[0]?.code, 'unknown-version');
      }
      assert.equal(reads(), 1);
      await service.ingest('predictions', [{ model: 'fraud', version: 'v9', at: '2026-01-05T10:59:59Z' }]);
      assert.notEqual((await service.ask({ ...subject, canary: 'v9' })).reasons[0]?.code, 'unknown-version');
    });

    it('but not where nothing is to be kept', async () => {
      const { service, reads } = await started(undefined, { server: { cachedVerdicts: 0 } });
      await service.ask(subject);
      await service.ask(subject);
      assert.equal(reads(), 2);
    });
  });

  it('lets others through between the verdicts of a crowd', async () => {
    const { service } = await started();
    const done = new AbortController();
    const asked = Promise.all(
      Array.from({ length: 40 }, (_, index) => service.ask({ ...subject, confidence: `0.9${100 + index}` })),
    ).then(() => {
      done.abort();
    });
    let probes = 0;
    while (!done.signal.aborted) {
      assert.equal((await service.request('/healthz')).status, 200);
      probes++;
    }
    await asked;
    assert.ok(probes > 5, `${probes} probes beside 40 verdicts`);
  });

  describe('holds', () => {
    it('while the source cannot be read, with the last verdict that could be given', async () => {
      let up = true;
      const { service } = await started((ledger, ...query) =>
        up ? ledger.observe(...query) : Promise.resolve({ kind: 'unavailable', reason: 'the disk is full' }),
      );
      await service.ask(subject);
      // Somebody looks back; that is not where the canary stands.
      await service.ask({ ...subject, asOf: '2026-01-05T10:58:00Z' });
      up = false;
      service.clock.nowMs += 60_000;
      const [reason] = (await service.ask(subject)).reasons;
      assert.equal(
        reason?.text,
        'the disk is full; the last verdict that could be given is of 2026-01-05T11:00:00Z: hold after 5 looks',
      );
      await service.server.reload();
      assert.match(
        (await service.ask(subject)).reasons[0]?.text ?? '',
        /the last verdict that could be given/,
      );
      assert.equal((await service.ask({ ...subject, stable: '' })).reasons[0]?.text, 'the disk is full');
    });

    it('while the source cannot be read, and asks it again the next time', async () => {
      let up = false;
      const { service } = await started((ledger, ...query) =>
        up ? ledger.observe(...query) : Promise.resolve({ kind: 'unavailable', reason: 'the disk is full' }),
      );
      const document = await service.ask(subject);
      assert.equal(document.verdict, 'hold');
      assert.deepEqual(document.reasons, [
        { code: 'source-unavailable', guardrail: null, text: 'the disk is full' },
      ]);
      up = true;
      assert.notEqual((await service.ask(subject)).reasons[0]?.code, 'source-unavailable');
      assert.equal(await service.metric('ml_verdict_verdict_failures_total', { what: 'source' }), 1);
    });

    it('on a part of the data', async () => {
      const { service } = await started(() =>
        Promise.resolve({ kind: 'partial', reason: 'one of three stores answered' }),
      );
      assert.equal((await service.ask(subject)).reasons[0]?.code, 'partial-data');
    });

    it('when the ledger cannot even say whether it changed', async () => {
      const service = await TestService.start({
        wrapLedger: (ledger) =>
          alteredLedger(ledger, {
            changeMarker: () =>
              Promise.reject(new VerdictError('unavailable', 'the ledger cannot be used: it is locked')),
          }),
      });
      open.push(service);
      const [reason] = (await service.ask(subject)).reasons;
      assert.deepEqual(reason, {
        code: 'source-unavailable',
        guardrail: null,
        text: 'the ledger cannot be used: it is locked',
      });
    });

    it('when the source takes too long, also for those who share the question, and never waits for it again', async () => {
      let aborted = 0;
      let stuck = true;
      const { service } = await started(
        (ledger, query, signal) =>
          stuck
            ? new Promise(() => {
                signal?.addEventListener('abort', () => aborted++);
              })
            : ledger.observe(query, signal),
        { server: { verdictDeadline: '150ms' } },
      );
      const documents = await Promise.all([service.ask(subject), service.ask(subject)]);
      for (const { verdict, reasons } of documents) {
        assert.equal(verdict, 'hold');
        assert.match(reasons[0]?.text ?? '', /within 0\.15 s/);
      }
      assert.equal(aborted, 1);
      stuck = false;
      assert.notEqual((await service.ask(subject)).reasons[0]?.code, 'source-unavailable');
      assert.ok((await service.metric('ml_verdict_verdict_failures_total', { what: 'deadline' })) >= 1);
    });

    it('when something fails that nobody expected, and says where the cause stands', async () => {
      const { service } = await started(() => {
        throw new TypeError('secret detail');
      });
      const answer = await service.post('/v1/verdict', JSON.stringify(subject), { 'X-Request-Id': 'req-7' });
      assert.equal(answer.status, 200);
      assert.match(answer.text, /"verdict":"hold"/);
      assert.match(answer.text, /source-unavailable.*request req-7/);
      assert.doesNotMatch(answer.text, /secret detail/);
      const cause = service.logged.find((line) => line.includes('secret detail'));
      assert.match(cause ?? '', /"requestId":"req-7"/);
      assert.equal(await service.metric('ml_verdict_verdict_failures_total', { what: 'internal' }), 1);
    });
  });

  it('answers all the same when the verdict cannot be kept', async () => {
    const service = await TestService.start({
      wrapLedger: (ledger) =>
        alteredLedger(ledger, {
          history: {
            ...ledger.history,
            append: () => Promise.reject(new VerdictError('unavailable', 'the disk is full')),
          },
        }),
    });
    open.push(service);
    await service.ingest(
      'predictions',
      predictionLines({ version: 'bad', minutes: 4, perMinute: 60, errorsPerMinute: 30 }),
    );
    assert.equal((await service.ask({ model: 'fraud', canary: 'bad' })).verdict, 'rollback');
    assert.equal(await service.metric('ml_verdict_verdict_failures_total', { what: 'history' }), 1);
  });

  it('counts what it answered, under bounded labels', async () => {
    const service = await TestService.start({ config: { models: { fraud: {} } } });
    open.push(service);
    await service.ingest(
      'predictions',
      predictionLines({ version: 'bad', minutes: 4, perMinute: 60, errorsPerMinute: 30 }),
    );
    await service.ask({ model: 'fraud', canary: 'bad', guardrail: 'error-rate' });
    await service.ask({ model: 'made-up-model', canary: 'made-up-version', guardrail: 'made-up-guardrail' });
    const count = (labels: Readonly<Record<string, string>>) =>
      service.metric('ml_verdict_verdicts_total', labels);
    assert.equal(
      await count({ model: 'fraud', guardrail: 'error-rate', verdict: 'rollback', reason: 'rollback' }),
      1,
    );
    assert.equal(
      await count({ model: 'other', guardrail: 'unknown', verdict: 'hold', reason: 'unknown-guardrail' }),
      1,
    );
    assert.equal(
      await service.metric('ml_verdict_guardrail_estimate', { model: 'fraud', guardrail: 'error-rate' }),
      0.5,
    );
    assert.ok(
      (await service.metric('ml_verdict_guardrail_evidence_ratio', {
        model: 'fraud',
        direction: 'rollback',
      })) >= 1,
    );
    assert.doesNotMatch((await service.request('/metrics')).text, /made-up/);
  });

  it('shows what the estimates were compared with, overrides included', async () => {
    const service = await TestService.start({ config: { models: { fraud: {} } } });
    open.push(service);
    await service.ingest('predictions', predictionLines({ version: 'v2', minutes: 4, perMinute: 60 }));
    await service.ask({
      model: 'fraud',
      canary: 'v2',
      guardrails: { 'error-rate': { rollbackAbove: '2%' } },
    });
    const threshold = (guardrail: string, side: string) =>
      service.metric('ml_verdict_guardrail_threshold', { model: 'fraud', guardrail, side });
    assert.deepEqual(
      await Promise.all([
        threshold('error-rate', 'promote'),
        threshold('error-rate', 'rollback'),
        threshold('business-proxy', 'promote'),
        threshold('business-proxy', 'rollback'),
      ]),
      [0.005, 0.02, -0.01, -0.03],
    );
  });
});
