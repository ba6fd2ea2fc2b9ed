import assert from 'node:assert/strict';
import { describeFieldError } from '../../../src/domain/errors.js';
import { parseModelRollout } from '../../../src/progressive/resource/index.js';
import { valueOf } from '../../support/value-of.js';

const written = (spec: object, metadata: object = {}) => ({
  apiVersion: 'ml-verdict.io/v1alpha1',
  kind: 'ModelRollout',
  metadata: { name: 'fraud', namespace: 'ml', uid: 'u', generation: 3, ...metadata },
  spec,
});

const errorsOf = (object: unknown): readonly string[] => {
  const parsed = parseModelRollout(object);
  assert.ok(!parsed.ok);
  return parsed.errors.map(describeFieldError);
};

describe('parseModelRollout', () => {
  it('fills in every default', () => {
    const rollout = valueOf(parseModelRollout(written({ target: { kserve: { name: 'detector' } } })));
    assert.equal(rollout.target.kind.name, 'kserve');
    assert.deepEqual(rollout.model, { namespace: 'ml', model: 'detector' });
    assert.equal(rollout.run, 1);
    assert.equal(rollout.link, null);
    assert.equal(rollout.spec.newVersion, 'present');
    assert.deepEqual(
      rollout.spec.stages.map(({ percent }) => percent),
      [5, 10, 25, 50, 100],
    );
  });

  it('takes what is said', () => {
    const { model, versions, link, spec } = valueOf(
      parseModelRollout(
        written({
          target: { seldonExperiment: { name: 'e', canary: 'iris2' } },
          model: 'iris',
          modelNamespace: 'prod',
          versions: { canary: 'v2', stable: 'v1' },
          link: 'https://wiki.example.com/iris',
          newVersion: 'awaited',
          policy: 'plain-loop',
          stages: [{ percent: 20, confidence: 0.9 }, { percent: 100 }],
        }),
      ),
    );
    assert.deepEqual(model, { namespace: 'prod', model: 'iris' });
    assert.deepEqual(versions, { canary: 'v2', stable: 'v1' });
    assert.equal(link, 'https://wiki.example.com/iris');
    assert.equal(spec.newVersion, 'awaited');
    assert.equal(spec.undecided, 'proceed');
    assert.equal(spec.stages[0]?.confidence, 0.9);
  });

  it('carries the model that the target holds', () => {
    const target = { kserve: { name: 'detector', newModel: { storageUri: 'gs://m/v2' } } };
    assert.equal(valueOf(parseModelRollout(written({ target }))).spec.newVersion, 'carried');
    assert.deepEqual(errorsOf(written({ target: { kserve: { name: 'a' } }, newVersion: 'carried' })), [
      'spec.newVersion: expected "present" or "awaited", or the new model in spec.target.kserve, got "carried"',
    ]);
  });

  it('refuses a model that would not be used, since another one is awaited', () => {
    const target = { kserve: { name: 'detector', newModel: { storageUri: 'gs://m/v2' } } };
    assert.deepEqual(errorsOf(written({ target, newVersion: 'awaited' })), [
      'spec.newVersion: expected "carried" or "present", or no new model in spec.target.kserve, which would not be used, got "awaited"',
    ]);
    const { spec } = valueOf(parseModelRollout(written({ target, newVersion: 'present' })));
    assert.equal(spec.newVersion, 'present');
  });

  for (const [what, spec, expected] of [
    ['no target', {}, /^spec\.target: missing/],
    [
      'two targets',
      { target: { kserve: { name: 'a' }, seldonExperiment: { name: 'b', canary: 'c' } } },
      /^spec\.target: expected exactly one of kserve, seldonDeployment, seldonExperiment/,
    ],
    [
      'another target',
      { target: { kserv: { name: 'a' } } },
      /^spec\.target\.kserv: unknown field; did you mean "kserve"/,
    ],
    [
      'an unknown field',
      { target: { kserve: { name: 'a' } }, stage: [] },
      /^spec\.stage: unknown field; did you mean "stages"/,
    ],
    [
      'stages that fall',
      { target: { kserve: { name: 'a' } }, stages: [50, 20, 100] },
      /^spec\.stages: expected ascending/,
    ],
    [
      'a link that is none',
      { target: { kserve: { name: 'a' } }, link: 'wiki' },
      /^spec\.link: expected an address/,
    ],
    [
      'two versions that are the same',
      { target: { kserve: { name: 'a' } }, versions: { canary: 'v1', stable: 'v1' } },
      /^spec\.versions: expected two versions/,
    ],
    ['a run of zero', { target: { kserve: { name: 'a' } }, run: 0 }, /^spec\.run: expected a whole number/],
  ] as const) {
    it(`refuses ${what}, with its path`, () => {
      assert.match(errorsOf(written(spec))[0] ?? '', expected);
    });
  }

  it('refuses what is no ModelRollout', () => {
    assert.deepEqual(errorsOf('x'), ['expected a ModelRollout']);
    const errors = errorsOf({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {},
      spec: { target: { kserve: { name: 'a' } } },
    });
    assert.deepEqual(errors, [
      'apiVersion: expected "ml-verdict.io/v1alpha1"',
      'kind: expected "ModelRollout"',
      'metadata.name: expected a name',
    ]);
  });
});
