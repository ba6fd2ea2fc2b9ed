import assert from 'node:assert/strict';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { rawAnswer } from '../support/raw-answer.js';
import { TestService } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

const subject = { model: 'fraud', canary: 'v2', stable: 'v1' };

/** The reason of a hold, after checking what every hold must have. */
function reasonOf(document: VerdictDocument): { readonly code: string; readonly text: string } {
  assert.equal(document.verdict, 'hold');
  assert.equal(document.code, 0);
  const [reason] = document.reasons;
  assert.ok(reason !== undefined);
  assert.equal(document.measurement[1], 'hold');
  assert.ok(document.measurement[2].length > 0 && document.measurement[2].length < 200);
  return reason;
}

describe('/v1/verdict', () => {
  let service: TestService;

  before(async () => {
    service = await TestService.start({
      config: {
        models: { fraud: {}, loop: { policy: 'plain-loop' } },
        policies: {
          wide: {
            guardrails: [
              { name: 'error-rate', kind: 'error-rate', promoteBelow: '5%', rollbackAbove: '20%' },
            ],
          },
        },
      },
    });
    const score = (index: number) => (index % 20) / 20;
    await service.ingest(
      'predictions',
      predictionLines({ version: 'v1', minutes: 20, perMinute: 300, score }),
    );
    await service.ingest(
      'predictions',
      predictionLines({ version: 'v2', minutes: 12, perMinute: 150, score }),
    );
    await service.ingest(
      'predictions',
      predictionLines({ version: 'bad', minutes: 4, perMinute: 60, errorsPerMinute: 30 }),
    );
    await service.ingest(
      'predictions',
      predictionLines({ version: 'x', minutes: 1, perMinute: 1, model: 'loop' }),
    );
  });

  after(() => service.close());

  describe('decides', () => {
    it('promote, with 1 for callers that compare numbers', async () => {
      const document = await service.ask({ ...subject, guardrail: 'error-rate', confidence: '0.8' });
      assert.equal(document.verdict, 'promote', document.measurement[2]);
      assert.equal(document.code, 1);
      assert.deepEqual(document.measurement.slice(0, 2), [0, 'promote']);
      assert.equal(document.guardrail, 'error-rate');
      assert.equal(document.asOf, '2026-01-05T11:00:00Z');
      assert.equal(document.looks, 12);
    });

    it('rollback of a canary that fails half of its requests', async () => {
      const document = await service.ask({ ...subject, canary: 'bad' });
      assert.equal(document.verdict, 'rollback', document.measurement[2]);
      assert.equal(document.code, -1);
      assert.match(document.measurement[2], /error/);
    });

    it('hold while another guardrail of the policy has no data', async () => {
      assert.equal(
        (await service.ask({ ...subject, canary: 'bad', guardrail: 'prediction-drift' })).verdict,
        'hold',
      );
    });

    it('alike for POST and GET', async () => {
      const posted = await service.ask({
        ...subject,
        weight: '5',
        promoteWith: 'all',
        guardrail: 'latency-p99',
      });
      const got = await service.askByQuery(
        'model=fraud&canary=v2&stable=v1&weight=5%&promoteWith=all&guardrail=latency-p99',
      );
      assert.deepEqual(got, posted);
    });

    it('alike for numbers and for the texts that Argo makes of everything', async () => {
      const numbers = await service.ask({ ...subject, weight: 5, confidence: 0.8, step: 3 });
      assert.deepEqual(await service.ask({ ...subject, weight: '5', confidence: '0.8', step: '3' }), numbers);
      assert.deepEqual(
        await service.ask({ ...subject, weight: '5%', confidence: '80%', step: '3' }),
        numbers,
      );
    });
  });

  describe('takes an empty text for absent', () => {
    it('in every argument of a template', async () => {
      const names = [
        'guardrail',
        'policy',
        'confidence',
        'mode',
        'weight',
        'step',
        'promoteWith',
        'since',
        'asOf',
        'namespace',
      ];
      const settings = [
        'promoteBelow',
        'rollbackAbove',
        'promoteAbove',
        'rollbackBelow',
        'ifUndecided',
        'required',
        'onBreach',
        'betterWhen',
        'bins',
        'quantile',
        'minimumDuration',
        'guardrails',
      ];
      const empty = Object.fromEntries([...names, ...settings].map((name) => [name, '']));
      const plain = await service.ask(subject);
      assert.deepEqual(await service.ask({ ...empty, ...subject }), plain);
      assert.deepEqual(
        await service.askByQuery(new URLSearchParams({ ...empty, ...subject }).toString()),
        plain,
      );
      assert.deepEqual(
        await service.ask({
          ...subject,
          guardrails: { 'error-rate': { promoteBelow: '' }, 'business-proxy': '' },
        }),
        plain,
      );
    });

    it('and so judges absolute guardrails without a stable version, and never promotes', async () => {
      const good = await service.ask({
        model: 'fraud',
        canary: 'v2',
        stable: '',
        guardrail: 'error-rate',
        confidence: '0.8',
      });
      assert.equal(good.stable, null);
      assert.equal(reasonOf(good).code, 'no-baseline');
      assert.equal((await service.ask({ model: 'fraud', canary: 'bad', stable: '' })).verdict, 'rollback');
    });

    it('but not of what is required', async () => {
      assert.match(reasonOf(await service.ask({ model: '', canary: 'v2' })).text, /^model: missing/);
    });
  });

  describe('changes the policy for one question', () => {
    it('by flat settings beside the guardrail', async () => {
      const document = await service.ask({
        ...subject,
        guardrail: 'error-rate',
        promoteBelow: '2%',
        rollbackAbove: '4%',
      });
      assert.deepEqual(
        [document.guardrails[0]?.promoteBelow, document.guardrails[0]?.rollbackAbove],
        [0.02, 0.04],
      );
    });

    it('by guardrails in a body, and by name and setting in a query', async () => {
      const inBody = await service.ask({
        ...subject,
        guardrails: { 'latency-p99': { rollbackAbove: '900ms', quantile: '99%' } },
      });
      const inQuery = await service.askByQuery(
        'model=fraud&canary=v2&stable=v1&latency-p99.rollbackAbove=900ms&latency-p99.quantile=99%',
      );
      assert.equal(inBody.guardrails.find(({ name }) => name === 'latency-p99')?.rollbackAbove, 900);
      assert.deepEqual(inQuery, inBody);
      assert.notEqual(inBody.policyHash, (await service.ask(subject)).policyHash);
    });

    it('by mode', async () => {
      const document = await service.ask({ ...subject, mode: 'threshold' });
      assert.equal(document.mode, 'threshold');
      assert.equal(document.guarantee, 'none');
    });

    it('by naming another one, else takes that of the model, else the default', async () => {
      assert.equal((await service.ask({ ...subject, policy: 'wide' })).policy, 'wide');
      assert.equal((await service.ask({ model: 'loop', canary: 'x' })).policy, 'plain-loop');
      assert.equal((await service.ask({ model: 'loop', canary: 'x', policy: 'default' })).policy, 'default');
      assert.equal((await service.ask(subject)).policy, 'default');
    });

    it('refuses settings in two forms', async () => {
      const { code, text } = reasonOf(
        await service.ask({
          ...subject,
          'error-rate.promoteBelow': '1%',
          guardrails: { 'error-rate': { promoteBelow: '2%' } },
        }),
      );
      assert.equal(code, 'bad-argument');
      assert.match(text, /promoteBelow: expected the setting once/);
    });
  });

  describe('judges at another time', () => {
    it('as of an instant that has passed', async () => {
      const document = await service.ask({ ...subject, asOf: '2026-01-05T10:55:10Z' });
      assert.equal(document.asOf, '2026-01-05T10:55:00Z');
      assert.equal(document.looks, 7);
    });

    it('with nothing before an instant', async () => {
      assert.equal((await service.ask({ ...subject, since: '2026-01-05T12:55:00+02:00' })).looks, 5);
    });

    it('but not of the future, nor from after the end', async () => {
      const future = reasonOf(await service.ask({ ...subject, asOf: '2026-01-05T11:00:31Z' }));
      assert.deepEqual(future, {
        code: 'bad-argument',
        guardrail: null,
        text: 'asOf: expected a time that has passed (it is 2026-01-05T11:00:30Z), got 2026-01-05T11:00:31Z',
      });
      const reversed = reasonOf(
        await service.ask({ ...subject, asOf: '2026-01-05T10:00:00Z', since: '2026-01-05T10:30:00Z' }),
      );
      assert.match(reversed.text, /^since: expected a time at or before asOf/);
    });
  });

  describe('holds and says what is wrong, with the nearest known name', () => {
    const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, string, RegExp])[] = [
      [
        'an unknown model',
        { ...subject, model: 'frauds' },
        'unknown-model',
        /^model: .*"frauds".*did you mean "fraud"\?/,
      ],
      [
        'a model of another namespace',
        { ...subject, namespace: 'prod' },
        'unknown-model',
        /namespace "prod"/,
      ],
      [
        'an unknown canary',
        { ...subject, canary: 'v3' },
        'unknown-version',
        /^canary: .*"v3".*did you mean "v2"|"v1"\?/,
      ],
      ['an unknown stable version', { ...subject, stable: 'v0' }, 'unknown-version', /^stable: .*"v0"/],
      [
        'an unknown policy',
        { ...subject, policy: 'defualt' },
        'unknown-policy',
        /^policy: .*"defualt"; did you mean "default"\?/,
      ],
      [
        'an unknown guardrail',
        { ...subject, guardrail: 'eror-rate' },
        'unknown-guardrail',
        /^guardrail: .*"eror-rate"; did you mean "error-rate"\?/,
      ],
      [
        'settings of an unknown guardrail',
        { ...subject, guardrails: { latency: { quantile: 0.9 } } },
        'unknown-guardrail',
        /^guardrails: .*"latency"/,
      ],
      [
        'an unknown field',
        { ...subject, gaurdrail: 'error-rate' },
        'bad-argument',
        /^gaurdrail: unknown field; did you mean "guardrail"\?/,
      ],
      [
        'an unknown setting',
        { ...subject, guardrails: { 'error-rate': { promoteBellow: '1%' } } },
        'bad-argument',
        /^guardrails\.error-rate\.promoteBellow: unknown field; did you mean "promoteBelow"\?/,
      ],
      [
        'a setting without its guardrail',
        { ...subject, promoteBelow: '1%' },
        'bad-argument',
        /^promoteBelow: expected beside "guardrail"/,
      ],
      [
        'a setting of another kind',
        { ...subject, guardrail: 'error-rate', quantile: '0.9' },
        'bad-argument',
        /quantile: unknown field/,
      ],
      [
        'a rate that could mean two things',
        { ...subject, guardrail: 'error-rate', promoteBelow: '0.5' },
        'bad-argument',
        /"0\.5%" for 0\.5 percent or "50%"/,
      ],
      [
        'thresholds in the wrong order',
        { ...subject, guardrail: 'error-rate', promoteBelow: '5%' },
        'bad-argument',
        /promoteBelow: expected a gap between the limits of error-rate/,
      ],
      ['no model', { canary: 'v2' }, 'bad-argument', /^model: missing/],
      ['no canary', { model: 'fraud' }, 'bad-argument', /^canary: missing/],
      ['nothing at all', {}, 'bad-argument', /^model: missing.*canary: missing/],
      ['a number for a name', { ...subject, canary: 17 }, 'bad-argument', /^canary: expected a text, got 17/],
      ['null', { ...subject, stable: null }, 'bad-argument', /^stable: expected a text, got null/],
      [
        'an object for a name',
        { ...subject, model: { a: 1 } },
        'bad-argument',
        /^model: expected a text, got an object/,
      ],
      [
        'an array of settings',
        { ...subject, guardrails: [] },
        'bad-argument',
        /^guardrails: expected an object/,
      ],
      [
        'a text for the settings of a guardrail',
        { ...subject, guardrails: { 'error-rate': 'off' } },
        'bad-argument',
        /^guardrails\.error-rate: expected an object/,
      ],
      [
        'a confidence that is none',
        { ...subject, confidence: '95' },
        'bad-argument',
        /^confidence: expected .*got "95"/,
      ],
      ['a weight above 100', { ...subject, weight: '101' }, 'bad-argument', /^weight: expected .*got "101"/],
      [
        'an unknown mode',
        { ...subject, mode: 'evidense' },
        'bad-argument',
        /^mode: expected one of "evidence", "threshold", got "evidense"/,
      ],
      [
        'an unknown promoteWith',
        { ...subject, promoteWith: 'others' },
        'bad-argument',
        /^promoteWith: expected one of/,
      ],
      [
        'a time that is none',
        { ...subject, asOf: 'yesterday' },
        'bad-argument',
        /^asOf: expected an ISO 8601 time/,
      ],
      [
        'the same version twice',
        { ...subject, stable: 'v2' },
        'bad-argument',
        /^stable: expected another version/,
      ],
      [
        'a name that is too long',
        { ...subject, model: 'm'.repeat(254) },
        'bad-argument',
        /^model: expected a text of at most 253/,
      ],
    ];
    for (const [what, arguments_, code, text] of cases) {
      it(what, async () => {
        const reason = reasonOf(await service.ask(arguments_));
        assert.equal(reason.code, code, reason.text);
        assert.match(reason.text, text);
      });
    }

    it('every mistake at once', async () => {
      const { text } = reasonOf(
        await service.ask({ model: 'fraud', weight: 'much', modle: 1, guardrails: { a: { b: 1 } } }),
      );
      for (const part of [
        'canary: missing',
        'weight: expected',
        'modle: unknown field',
        'guardrails.a.b: unknown field',
      ]) {
        assert.ok(text.includes(part), `${part} in ${text}`);
      }
    });

    it('in a document that repeats the names of the question', async () => {
      const document = await service.ask({ ...subject, guardrail: 'error-rate', policy: 'nope' });
      assert.deepEqual(
        [
          document.model,
          document.canary,
          document.stable,
          document.guardrail,
          document.policy,
          document.guarantee,
        ],
        ['fraud', 'v2', 'v1', 'error-rate', 'nope', 'none'],
      );
      assert.deepEqual(document.guardrails, []);
    });

    it('a parameter that stands twice in a query, and arguments in the query of a POST', async () => {
      const repeated = reasonOf(await service.askByQuery('model=fraud&canary=v2&canary=v3'));
      assert.deepEqual(
        [repeated.code, repeated.text],
        ['bad-argument', 'canary: expected once, got it more than once'],
      );
      const answer = await service.post('/v1/verdict?guardrail=error-rate', JSON.stringify(subject));
      assert.match(
        reasonOf(answer.json() as VerdictDocument).text,
        /^guardrail: expected in the body of a POST/,
      );
    });

    it('names that every object has', async () => {
      for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
        const body = `{"model":"fraud","canary":"v2","${name}":{"verdict":"promote"}}`;
        const document = (await service.post('/v1/verdict', body)).json() as VerdictDocument;
        assert.match(reasonOf(document).text, new RegExp(`^${name}: unknown field`));
        for (const field of ['policy', 'guardrail', 'model', 'canary'] as const) {
          assert.match(reasonOf(await service.ask({ ...subject, [field]: name })).code, /^unknown-/);
        }
        const nested = `{"model":"fraud","canary":"v2","guardrails":{"${name}":{"bins":1}}}`;
        assert.equal(
          reasonOf((await service.post('/v1/verdict', nested)).json() as VerdictDocument).code,
          'unknown-guardrail',
        );
      }
    });

    it('zero traffic', async () => {
      const reason = reasonOf(await service.ask({ ...subject, asOf: '2026-01-05T10:30:00Z' }));
      assert.ok(['no-data', 'warming-up', 'canary-silent'].includes(reason.code), reason.code);
    });
  });

  describe('reads a body', () => {
    it('whatever its Content-Type, or none', async () => {
      const body = new TextEncoder().encode(JSON.stringify(subject));
      const expected = await service.ask(subject);
      assert.deepEqual((await service.post('/v1/verdict', body)).json(), expected);
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json; charset=latin1',
        'nonsense',
      ]) {
        assert.deepEqual(
          (await service.post('/v1/verdict', body, { 'Content-Type': type })).json(),
          expected,
          type,
        );
      }
    });

    it('with a byte order mark', async () => {
      assert.deepEqual(
        (await service.post('/v1/verdict', `\ufeff${JSON.stringify(subject)}`)).json(),
        await service.ask(subject),
      );
    });

    it('only if it is a JSON object: else 400 with problem details', async () => {
      const bodies: readonly (string | Uint8Array)[] = [
        '',
        'null',
        '[]',
        '[{"model":"fraud","canary":"v2"}]',
        '"x"',
        '17',
        'true',
        '{',
        '{"model":"fraud"',
        'model=fraud',
        '{}{}',
        'NaN',
        Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
        Uint8Array.of(0),
        '['.repeat(50_000),
      ];
      for (const body of bodies) {
        const answer = await service.post('/v1/verdict', body);
        assert.equal(answer.status, 400, String(body).slice(0, 40));
        assert.match(answer.type, /^application\/problem\+json/);
        const problem = answer.json() as { status: number; type: string; detail: string };
        assert.equal(problem.status, 400);
        assert.equal(problem.type, 'urn:ml-verdict:problem:invalid-input');
        assert.match(problem.detail, /JSON object/);
        assert.equal(answer.headers.get('connection'), 'close');
      }
    });

    it('that is nested deeply', async () => {
      const depth = 40_000;
      const body = `{"model":"fraud","canary":"v2","guardrails":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
      const answer = await service.post('/v1/verdict', body);
      assert.equal(answer.status, 200);
      assert.equal(reasonOf(answer.json() as VerdictDocument).code, 'bad-argument');
    });

    it('with thousands of unknown fields in an answer of bounded size', async () => {
      const body = JSON.stringify(
        Object.fromEntries(
          Array.from({ length: 5000 }, (_, index) => [`field-${index}-${'x'.repeat(20)}`, index]),
        ),
      );
      const answer = await service.post('/v1/verdict', body);
      assert.equal(answer.status, 200);
      assert.ok(answer.text.length < 4000, `${answer.text.length} characters`);
    });

    it('up to a size: above it 413', async () => {
      const body = JSON.stringify({ ...subject, step: 'x'.repeat(5_000_000) });
      const answer = await service.post('/v1/verdict', body);
      assert.equal(answer.status, 413);
      assert.match(answer.type, /^application\/problem\+json/);
    });
  });

  describe('never answers what Argo would misread', () => {
    it('with slashes too many it answers all the same', async () => {
      const query = 'model=fraud&canary=v2&stable=v1';
      const expected = await service.askByQuery(query);
      for (const path of ['/v1/verdict/', '//v1/verdict', '/v1//verdict', '//v1///verdict//']) {
        const answer = await service.request(`${path}?${query}`, { redirect: 'manual' });
        assert.equal(answer.status, 200, path);
        assert.deepEqual(answer.json(), expected);
        const posted = await service.post(path, JSON.stringify(subject));
        assert.deepEqual(posted.json(), expected);
      }
    });

    it('refuses HEAD, whose empty answer would count as success, and every other method', async () => {
      for (const method of ['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const answer = await service.request('/v1/verdict?model=fraud&canary=v2', { method });
        assert.equal(answer.status, 405, method);
        assert.equal(answer.headers.get('allow'), 'GET, POST');
        if (method !== 'HEAD') assert.match(answer.type, /^application\/problem\+json/);
      }
    });

    it('never 304 for a caller that has the answer already, on any route', async () => {
      const first = await service.request('/v1/verdict?model=fraud&canary=v2');
      assert.equal(first.headers.get('etag'), null);
      for (const path of ['/v1/verdict?model=fraud&canary=v2', '/healthz', '/v1/verdicts', '/metrics']) {
        for (const condition of ['If-None-Match: *', `If-Modified-Since: ${new Date(8e15).toUTCString()}`]) {
          // The fetch of Node.js adds headers to a conditional request that turn the condition off.
          const answer = await rawAnswer(
            service.port,
            `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${condition}\r\n\r\n`,
          );
          assert.match(answer, /^HTTP\/1\.1 200 /, `${path} with ${condition}`);
          if (path.startsWith('/v1/verdict?')) assert.ok(answer.includes('"measurement":'));
        }
      }
    });

    it('the same for a target in absolute form', async () => {
      const answer = await rawAnswer(
        service.port,
        'GET http://x/v1/verdict?model=fraud&canary=v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      );
      assert.match(answer, /^HTTP\/1\.1 200 /);
      assert.ok(answer.includes('"canary":"v2"'));
    });

    it('is not to be kept by anyone', async () => {
      const answer = await service.request('/v1/verdict?model=fraud&canary=v2');
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.equal(answer.headers.get('x-powered-by'), null);
    });
  });
});
