import assert from 'node:assert/strict';
import { parseTargetSpec, targetKinds } from '../../../src/progressive/targets/index.js';
import { errorsOf, valueOf } from '../../support/value-of.js';

describe('parseTargetSpec', () => {
  it('reads each kind', () => {
    for (const [name, fields, carries] of [
      ['kserve', { name: 'm' }, false],
      ['kserve', { name: 'm', newModel: { storageUri: 'gs://b/m' } }, true],
      ['seldonDeployment', { name: 'm', stable: 'main', canary: 'canary' }, false],
      ['seldonDeployment', { name: 'm', stable: 'a', canary: 'b', newPredictor: { graph: {} } }, true],
      ['seldonExperiment', { name: 'm', canary: 'iris2' }, false],
    ] as const) {
      const { kind, spec } = valueOf(parseTargetSpec({ [name]: fields }));
      assert.equal(kind.name, name);
      assert.deepEqual(spec, fields);
      assert.equal(kind.carriesModel(spec), carries);
      const { namespace, name: object } = kind.referenceOf(spec, 'ml');
      assert.deepEqual([namespace, object], ['ml', 'm']);
    }
  });

  it('refuses what is not exactly one kind, naming the nearest', () => {
    const cases: readonly (readonly [unknown, string, RegExp])[] = [
      [{}, 'spec.target', /exactly one of kserve, seldonDeployment, seldonExperiment, got none/],
      ['kserve', 'spec.target', /exactly one of .*got "kserve"/],
      [{ kserv: { name: 'm' } }, 'spec.target.kserv', /unknown field; did you mean "kserve"\?/],
      [
        { kserve: { name: 'm' }, seldonExperiment: { name: 'm', canary: 'b' } },
        'spec.target',
        /got kserve and seldonExperiment/,
      ],
      [{ kserve: {} }, 'spec.target.kserve.name', /missing/],
      [{ kserve: { name: 'm', newModle: {} } }, 'spec.target.kserve.newModle', /"newModel"/],
      [{ kserve: { name: 'm', newModel: {} } }, 'spec.target.kserve.newModel', /at least one field/],
      [
        { seldonDeployment: { name: 'm', stable: 'a', canary: 'a' } },
        'spec.target.seldonDeployment',
        /not the same/,
      ],
      [
        { seldonDeployment: { name: 'm', stable: 'a', canary: 'b', newPredictor: { shadow: true } } },
        'spec.target.seldonDeployment.newPredictor',
        /no shadow: a shadow gets no share/,
      ],
    ];
    for (const [raw, path, message] of cases) {
      const [error] = errorsOf(parseTargetSpec(raw, 'spec.target'));
      assert.equal(error?.path, path);
      assert.match(error.message, message);
    }
  });

  it('asks for no more than reading, and for changing one kind of resource', () => {
    for (const kind of targetKinds) {
      const changed = kind.access.filter(({ verbs }) => verbs.some((verb) => verb !== 'get'));
      assert.equal(changed.length, 1, kind.name);
      assert.deepEqual(changed[0]?.verbs, ['get', 'patch']);
      const resources = kind.access.flatMap((rule) => rule.resources);
      assert.ok(resources.every((resource) => !resource.includes('*') && !resource.includes('/')));
    }
  });
});
