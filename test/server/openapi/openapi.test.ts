import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { buildOpenApi } from '../../../src/server/openapi/build-openapi.js';
import { routes } from '../../../src/server/routes/index.js';
import { bearer, TokenFolder } from '../access/support/token-folder.js';
import { alteredLedger } from '../support/altered-ledger.js';
import { TestService, type TestAnswer } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

const document = buildOpenApi(routes) as unknown as OpenApi;
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'openapi:', components: document.components });

/** A schema of the document, its references resolved in the document. */
function compile(schema: object): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi:#/components');
  return ajv.compile(JSON.parse(text) as object);
}

describe('the OpenAPI document', () => {
  it('is the committed one', () => {
    const committed = readFileSync(new URL('../../../docs/reference/openapi.json', import.meta.url), 'utf8');
    assert.deepEqual(JSON.parse(committed), JSON.parse(JSON.stringify(document)), 'run "npm run generate"');
  });

  it('has every route, with ids of its operations that are unique', () => {
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
    assert.deepEqual(
      Object.keys(document.paths).sort(),
      routes.map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}')).sort(),
    );
  });

  it('says of every route what its callers have to be let in for, and how the others are answered', () => {
    for (const { path, scope, get, post } of routes) {
      const item = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')] ?? {};
      for (const method of [get && 'get', post && 'post']) {
        if (method === undefined) continue;
        const operation = item[method];
        assert.ok(operation);
        const bound = [{ bearer: [scope] }];
        const expected = scope === 'open' ? [] : scope === 'metrics' ? [{}, { bearer: ['read'] }] : bound;
        assert.deepEqual(operation.security, expected, path);
        for (const status of ['401', '403'])
          assert.equal(status in operation.responses, scope !== 'open', path);
      }
    }
  });

  it('refers only to what is in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    assert.ok(references.length > 10);
    for (const [, name = ''] of references) assert.ok(name in document.components.schemas, name);
  });

  it('describes requests: what a template sends is one, also with empty texts', () => {
    const validate = compile({ $ref: '#/components/schemas/VerdictRequest' });
    const sent = {
      model: 'fraud',
      canary: '6cb46b76bb',
      stable: '',
      confidence: '0.8',
      weight: '5',
      step: '3',
      mode: '',
      asOf: '',
      ifUndecided: '',
    };
    assert.ok(validate(sent), JSON.stringify(validate.errors));
    assert.ok(
      validate({ model: 'm', canary: 'c', 'error-rate.promoteBelow': '1%', guardrails: { a: { bins: 5 } } }),
    );
    assert.ok(!validate({ model: 'm' }));
    assert.ok(!validate({ model: 'm', canary: 'c', modle: 'x' }));
    assert.ok(!validate({ model: 'm', canary: 'c', mode: 'x' }));
    const line = compile({ $ref: '#/components/schemas/PredictionLine' });
    assert.ok(line({ model: 'm', version: 'v', prediction: 0.5, at: '2026-01-05T10:00:00Z' }));
    assert.ok(!line({ model: 'm' }));
  });

  describe('describes the answers', () => {
    let service: TestService;
    let down: TestService;
    const seen = new Set<string>();

    before(async () => {
      service = await TestService.start({
        config: { ingest: { bodyLimit: '100KiB' }, server: { verdictBodyLimit: '1KiB' } },
      });
      down = await TestService.start({
        wrapLedger: (ledger) =>
          alteredLedger(ledger, {
            observe: () => Promise.resolve({ kind: 'unavailable', reason: 'down' }),
            ping: () => Promise.reject(new Error('down')),
          }),
      });
      const score = (index: number) => (index % 20) / 20;
      await service.ingest(
        'predictions',
        predictionLines({ version: 'v1', minutes: 15, perMinute: 60, score }),
      );
      await service.ingest(
        'predictions',
        predictionLines({ version: 'v2', minutes: 8, perMinute: 30, score }),
      );
      await service.ingest(
        'predictions',
        predictionLines({ version: 'bad', minutes: 4, perMinute: 60, errorsPerMinute: 30 }),
      );
      await service.ingest('outcomes', [
        { model: 'fraud', version: 'v2', at: '2026-01-05T10:58:00Z', value: 1 },
      ]);
    });

    after(async () => {
      await service.close();
      await down.close();
    });

    function check(path: string, method: 'get' | 'post', answer: TestAnswer): void {
      const operation = document.paths[path]?.[method];
      assert.ok(operation !== undefined, `${method} ${path}`);
      const content = operation.responses[answer.status]?.content;
      assert.ok(content !== undefined, `${method} ${path} ${answer.status} ${answer.text.slice(0, 300)}`);
      const type = answer.type.split(';')[0] ?? '';
      assert.ok(type in content, `${type} of ${method} ${path} ${answer.status}`);
      const schema = content[type]?.schema;
      if (schema !== undefined) {
        const validate = compile(schema);
        assert.ok(
          validate(answer.json()),
          `${path}: ${JSON.stringify(validate.errors)} in ${answer.text.slice(0, 500)}`,
        );
      }
      seen.add(`${method} ${path} ${answer.status}`);
    }

    it('of verdicts', async () => {
      const query = 'model=fraud&canary=v2&stable=v1';
      for (const extra of [
        '',
        '&mode=threshold',
        '&guardrail=prediction-drift&promoteWith=all',
        '&weight=5',
        '&policy=nope',
        '&stable=',
      ]) {
        check('/v1/verdict', 'get', await service.request(`/v1/verdict?${query}${extra}`));
      }
      for (const body of [
        '{"model":"fraud","canary":"bad"}',
        '{"model":"fraud","canary":"v2","stable":"v1","policy":"plain-loop"}',
        '{}',
        '[]',
      ]) {
        check('/v1/verdict', 'post', await service.post('/v1/verdict', body));
      }
      check('/v1/verdict', 'post', await service.post('/v1/verdict', 'x'.repeat(2000)));
      check('/v1/verdict', 'post', await service.post('/v1/verdict', '{}', { 'Content-Encoding': 'zip' }));
      check('/v1/verdict', 'get', await down.request(`/v1/verdict?${query}`));
    });

    it('of ingest', async () => {
      for (const path of ['/v1/predictions', '/v1/outcomes'] as const) {
        const key = { 'Idempotency-Key': 'k' };
        check(path, 'post', await service.post(path, '{"model":"fraud","version":"v2","value":1}\nx', key));
        check(path, 'post', await service.post(path, '{"model":"fraud","version":"v2","value":1}\nx', key));
        check(path, 'post', await service.post(path, 'other', key));
        check(path, 'post', await service.post(path, '['));
        check(path, 'post', await service.post(path, 'x'.repeat(200_000)));
        check(path, 'post', await service.post(path, 'x', { 'Content-Encoding': 'zip' }));
      }
    });

    it('of observations and the history', async () => {
      for (const query of ['model=fraud&canary=v2&stable=v1', 'model=fraud&canary=nope', 'model=fraud']) {
        check('/v1/observations', 'get', await service.request(`/v1/observations?${query}`));
      }
      check('/v1/observations', 'get', await down.request('/v1/observations?model=fraud&canary=v2'));
      const list = await service.request('/v1/verdicts?limit=1');
      check('/v1/verdicts', 'get', list);
      check('/v1/verdicts', 'get', await service.request('/v1/verdicts?limit=x'));
      const { verdicts } = list.json() as { verdicts: readonly { document: { id: string } }[] };
      check('/v1/verdicts/{id}', 'get', await service.request('/v1/verdicts/%zz'));
      check(
        '/v1/verdicts/{id}',
        'get',
        await service.request(`/v1/verdicts/${verdicts[0]?.document.id ?? ''}`),
      );
      check('/v1/verdicts/{id}', 'get', await service.request('/v1/verdicts/nope'));
    });

    it('of payload events', async () => {
      const [path, sent] = ['/v1/events/{namespace}/{model}/{version}', '/v1/events/ml/fraud/v2'];
      const headers = { 'Ce-Type': 'org.kubeflow.serving.inference.response', 'Ce-Id': 'a' };
      check(path, 'post', await service.post(sent, '{"predictions":[0.5]}', headers));
      check(path, 'post', await service.post(sent, '{}'));
      check(path, 'post', await service.post('/v1/events/ml/fraud/v%0a', '{}', headers));
    });

    it('of plans', async () => {
      const asked = { requestsPerSecond: 50, weight: '5', policy: '', within: '30m', 'error-rate.bins': '' };
      assert.ok(compile({ $ref: '#/components/schemas/PlanRequest' })(asked));
      check('/v1/plan', 'post', await service.post('/v1/plan', JSON.stringify(asked)));
      check('/v1/plan', 'post', await service.post('/v1/plan', '{}'));
      check('/v1/plan', 'post', await service.post('/v1/plan', 'x'.repeat(2000)));
      check('/v1/plan', 'post', await service.post('/v1/plan', '{}', { 'Content-Encoding': 'zip' }));
    });

    it('of callers who may not ask', async () => {
      const folder = new TokenFolder();
      const tokens = (['verdict', 'ingest'] as const).map((scope) => ({
        name: scope,
        files: [folder.write(scope, `a-token-for-${scope}`)],
        scopes: [scope],
      }));
      const guarded = await TestService.start({ config: { access: { metrics: 'read', tokens } } });
      for (const { path, scope, get } of routes.filter((route) => route.scope !== 'open')) {
        const pattern = path.replaceAll(/:(\w+)/g, '{$1}');
        const other = bearer(`a-token-for-${scope === 'ingest' ? 'verdict' : 'ingest'}`);
        for (const method of Object.keys(document.paths[pattern] ?? {}) as ('get' | 'post')[]) {
          for (const headers of [{}, other]) {
            const request = {
              method: method.toUpperCase(),
              headers,
              ...(get === undefined ? { body: '{}' } : {}),
            };
            check(pattern, method, await guarded.request(path.replaceAll(/:\w+/g, 'x'), request));
          }
        }
      }
      await guarded.close();
      folder.remove();
    });

    it('of health, metrics and itself', async () => {
      for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json'])
        check(path, 'get', await service.request(path));
      check('/readyz', 'get', await down.request('/readyz'));
      const stopping = await TestService.start();
      const stopped = stopping.server.close(200);
      check('/readyz', 'get', await stopping.request('/readyz'));
      await stopped;
      await stopping.close();
      assert.deepEqual((await service.request('/openapi.json')).json(), JSON.parse(JSON.stringify(document)));
    });

    it('of callers that ask too often', async () => {
      const limited = await TestService.start({
        config: { limits: { callerRequests: 1, callerWindow: '600s' } },
      });
      await limited.request('/v1/verdicts');
      for (const { path, pool, get, post } of routes) {
        if (pool === undefined) continue;
        const described = path.replaceAll(/:(\w+)/g, '{$1}');
        if (get !== undefined) check(described, 'get', await limited.request(path));
        if (post !== undefined) check(described, 'post', await limited.post(path, '{}'));
      }
      await limited.close();
      const folder = new TokenFolder();
      const tokens = [
        { name: 'team', files: [folder.write('team', 'a-token-for-ingest')], scopes: ['ingest'] },
      ];
      const guarded = await TestService.start({
        config: { access: { tokens }, limits: { callerRequests: 1, callerWindow: '600s' } },
      });
      const described = '/v1/events/{namespace}/{model}/{version}';
      for (let asked = 0; asked < 2; asked++)
        check(described, 'post', await guarded.post('/v1/events/ml/fraud/v2', '{}'));
      await guarded.close();
      folder.remove();
    });

    after(() => {
      const described = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).flatMap(([method, { responses }]) =>
          Object.keys(responses).map((status) => `${method} ${path} ${status}`),
        ),
      );
      // The ledger of these tests never fails while it is written or listed, and nothing is too much at a time: the
      // tests of those routes, and of the limits, see to it.
      const elsewhere = new Set([
        'post /v1/predictions 503',
        'post /v1/outcomes 503',
        'get /v1/verdicts 503',
        'get /v1/verdicts/{id} 503',
        'post /v1/plan 503',
        'get /v1/verdict 503',
        'post /v1/verdict 503',
        'post /v1/events/{namespace}/{model}/{version} 429',
      ]);
      assert.deepEqual(
        described.filter((answer) => !seen.has(answer) && !elsewhere.has(answer)),
        [],
      );
    });
  });
});
