import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { observationsToFile } from '../../../src/domain/observations-file.js';
import { buildOpenApi } from '../../../src/server/openapi/build-openapi.js';
import { routes } from '../../../src/server/routes/index.js';
import { edited } from '../../support/edited.js';
import { rollout, times } from '../../support/rollouts.js';

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly get: {
          readonly responses: Readonly<
            Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
          >;
        };
      }
    >
  >;
  readonly components: object;
}

describe('the schema of GET /v1/observations', () => {
  const document = JSON.parse(JSON.stringify(buildOpenApi(routes))) as OpenApi;
  const answer = document.paths['/v1/observations']?.get.responses['200']?.content['application/json'];
  assert.ok(answer !== undefined);
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'openapi:', components: document.components });
  const validate = ajv.compile(
    JSON.parse(JSON.stringify(answer.schema).replaceAll('"#/components', '"openapi:#/components')) as object,
  );
  const look = { canary: { quantiles: { '0.5': 11, '0.99': 140 } }, stable: { quantiles: { '0.99': 0 } } };
  const file = observationsToFile({ ...rollout(times(3, look)), outcomesByArrival: ['default', 'hit-rate'] });

  it('has what only some sources count', () => {
    assert.deepEqual(file.looks[0]?.canary?.latencyQuantiles, { '0.5': 11, '0.99': 140 });
    assert.deepEqual(file.outcomesByArrival, ['default', 'hit-rate']);
    assert.ok(validate(file), JSON.stringify(validate.errors));
    assert.ok(validate(observationsToFile(rollout(times(3)))), JSON.stringify(validate.errors));
  });

  for (const [path, value] of [
    ['looks[1].canary.latencyQuantiles', { '0.99': -1 }],
    ['looks[1].canary.latencyQuantiles', { '0.99': '140' }],
    ['looks[1].canary.latencyQuantiles', [140]],
    ['outcomesByArrival', 'default'],
    ['outcomesByArrival', ['']],
    ['outcomesByArrival', [1]],
  ] as const) {
    it(`takes no ${JSON.stringify(value)} at ${path}`, () => {
      assert.ok(!validate(edited(file, path, value)));
    });
  }
});
