import assert from 'node:assert/strict';
import { loadConfig } from '../../../src/config/index.js';
import { HttpJudge, type StageAnswer, type VerdictRequest } from '../../../src/progressive/index.js';
import { localVerdicts } from '../../../src/server/index.js';
import { readStageVerdict, stageQuestion } from '../../../src/progressive/index.js';
import { createLogger } from '../../../src/telemetry/index.js';
import { defaultNowMs, TestService } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

const minuteMs = 60_000;
const nowMs = Math.floor(defaultNowMs / minuteMs) * minuteMs;
const startMs = nowMs - 20 * minuteMs;
const subject = { model: 'fraud', canary: 'v2', stable: 'v1', policy: 'progressive' };
const model = { namespace: 'default', model: 'fraud' };

/** Twenty minutes of which the canary was at 5 % for ten and at 25 % for ten. */
const request: VerdictRequest = {
  key: 'k',
  attempt: 1,
  canary: 'v2',
  stable: 'v1',
  fromMs: startMs,
  toMs: nowMs,
  weights: [
    { percent: 5, fromMs: startMs },
    { percent: 25, fromMs: startMs + 10 * minuteMs },
  ],
  policy: 'progressive',
  leftOutSeconds: 300,
  confidence: 0.8,
  proxyIfUndecided: 'pass',
};

function verdictOf(answer: StageAnswer) {
  assert.equal(answer.kind, 'verdict', JSON.stringify(answer));
  return answer.verdict;
}

describe('the stage of a verdict', () => {
  let service: TestService;

  before(async () => {
    service = await TestService.start();
    const score = (index: number) => (index % 20) / 20;
    for (const [version, perMinute] of [
      ['v1', 300],
      ['v2', 60],
    ] as const) {
      await service.ingest('predictions', predictionLines({ version, minutes: 20, perMinute, score }));
    }
  });

  after(() => service.close());

  it('makes the stages of the shares that the canary had', async () => {
    const asked = { ...stageQuestion(model, request) };
    const staged = await service.ask(asked);
    assert.equal(staged.stage, 2);
    const plain = await service.ask(subject);
    assert.equal(plain.stage, 1);
    assert.notEqual(staged.id, plain.id);
  });

  it('leaves the looks of stabilisation out of the evidence', async () => {
    const samples = async (stabilisation: string) => {
      const document = await service.ask({
        ...stageQuestion(model, request),
        stage: { stabilisation },
      });
      const [guardrail] = document.guardrails;
      assert.ok(guardrail !== undefined);
      return guardrail.samples.canary;
    };
    assert.equal(await samples('none'), 1200);
    assert.ok((await samples('5m')) <= 1200 - 5 * 60);
  });

  it('lets an undecided outcome pass where the stage says so, and hold where it says that', async () => {
    for (const [version, perMinute] of [
      ['v1', 60],
      ['v2', 20],
    ] as const) {
      const lines = predictionLines({ model: 'loan', version, minutes: 20, perMinute });
      const withIds = lines.map((line, index) => ({ ...line, id: `${version}-${index}` }));
      await service.ingest('predictions', withIds);
      const outcomes = withIds.map(({ id }, index) => ({ model: 'loan', id, value: index % 2 }));
      await service.ingest('outcomes', outcomes);
    }
    const proxyAt = async (proxyIfUndecided: string) => {
      const question = stageQuestion({ ...model, model: 'loan' }, request);
      const { guardrails } = await service.ask({ ...question, stage: { proxyIfUndecided } });
      const proxy = guardrails.find(({ name }) => name === 'business-proxy');
      assert.equal(proxy?.literalVerdict, 'promote');
      return [proxy.verdict, proxy.reasonCode];
    };
    assert.deepEqual(await proxyAt('hold'), ['hold', 'more-evidence-needed']);
    assert.deepEqual(await proxyAt('pass'), ['promote', 'undecided-pass']);
  });

  it('leaves them out of what a policy in threshold mode sees', async () => {
    const looksOf = async (stabilisation: string, mode: string) => {
      const { weights } = stageQuestion(model, request)['stage'] as { readonly weights: unknown };
      const document = await service.ask({ ...subject, mode, stage: { stabilisation, weights } });
      return document.looks;
    };
    assert.equal(await looksOf('none', 'threshold'), 20);
    assert.equal(await looksOf('5m', 'threshold'), 10);
    assert.equal(await looksOf('5m', 'evidence'), 20);
  });

  it('names what is wrong with it, and holds', async () => {
    const cases = [
      [
        { stage: { weights: [{ percent: 101, from: '2026-01-05T10:00:00Z' }] } },
        /stage\.weights\[0\]\.percent/,
      ],
      [{ stage: { weights: [{ percent: 5, from: 'yesterday' }] } }, /stage\.weights\[0\]\.from/],
      [{ stage: { stabilisation: 'long' } }, /stage\.stabilisation/],
      [{ stage: { stabilization: '5m' } }, /stabilisation/],
      [{ stage: 'last' }, /stage/],
      [{ stage: { proxyIfUndecided: 'maybe' } }, /stage\.proxyIfUndecided/],
    ] as const;
    for (const [wrong, expected] of cases) {
      const document = await service.ask({ ...subject, ...wrong });
      assert.equal(document.reasons[0]?.code, 'bad-argument', JSON.stringify(wrong));
      assert.match(document.reasons[0].text, expected);
    }
    const got = await service.request('/v1/verdict?model=fraud&canary=v2&stable=v1&stage=2');
    assert.match(got.text, /bad-argument/);
  });

  it('is asked by the driver over HTTP and in process with the same answer', async () => {
    const judge = new HttpJudge({ url: service.url });
    const over = verdictOf(await judge.ask(model, request, new AbortController().signal));
    await judge.close();
    assert.equal(over.canary, 'v2');
    assert.equal(over.toMs, request.toMs);
    assert.equal(over.guarantee, 'stated');
    assert.equal(over.isBlind, false);

    const loaded = loadConfig({ env: {} });
    assert.ok(loaded.ok);
    const local = localVerdicts({
      config: loaded.value,
      ledger: service.ledger,
      logger: createLogger({ level: 'silent' }),
      now: () => defaultNowMs,
    });
    const here = verdictOf(readStageVerdict(request, await local.answer(stageQuestion(model, request))));
    local.close();
    assert.deepEqual(here, over);
  });

  it('reaches no farther than the looks that were there', async () => {
    const judge = new HttpJudge({ url: service.url });
    const later = { ...request, toMs: request.toMs + 5 * minuteMs };
    const answer = verdictOf(await judge.ask(model, later, new AbortController().signal));
    await judge.close();
    assert.equal(answer.toMs, request.toMs);
  });
});
