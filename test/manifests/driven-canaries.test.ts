import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { z } from 'zod';
import {
  customResourceDefinition,
  parseModelRollout,
  type ModelRollout,
} from '../../src/progressive/resource/index.js';
import { valueOf } from '../support/value-of.js';
import { edited, pathsOf } from './edited-document.js';
import { readDrivenFiles, type ManifestFile } from './manifest-files.js';
import { checkLeadingComment } from './rules/leading-comment.js';
import { checkSchema } from './schema-validator.js';
import { experimentSchema, inferenceServiceSchema, seldonDeploymentSchema } from './serving-schemas.js';

const files = readDrivenFiles();
const kindOf = z.object({ kind: z.string() });

function fileAt(path: string): ManifestFile {
  const file = files.find((one) => one.path === `rollouts/${path}.yaml`);
  assert.ok(file, path);
  return file;
}

function documentOf({ documents }: ManifestFile, kind: string): unknown {
  return documents.find((document) => kindOf.parse(document).kind === kind);
}

function rolloutOf(file: ManifestFile): ModelRollout {
  return valueOf(parseModelRollout(documentOf(file, 'ModelRollout'), { namespace: 'ml' }));
}

const definition = new Ajv({ strict: false, allErrors: true, logger: false }).compile(
  jsonSchema(schemaOf(customResourceDefinition())) as object,
);

function schemaOf(crd: unknown): unknown {
  const version = z.object({ schema: z.object({ openAPIV3Schema: z.unknown() }) });
  const [only] = z.object({ spec: z.object({ versions: z.array(version) }) }).parse(crd).spec.versions;
  return only?.schema.openAPIV3Schema;
}

/** A schema of OpenAPI 3.0 in the words of JSON Schema, closed as strict validation has it. */
function jsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const written = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, jsonSchema(value)]));
  const { maximum, exclusiveMaximum, ...rest } = written;
  const bound = exclusiveMaximum === true ? { exclusiveMaximum: maximum } : { maximum };
  const isOpen = written['x-kubernetes-preserve-unknown-fields'] === true;
  const isClosed = written['type'] === 'object' && 'properties' in written && !isOpen;
  return {
    ...rest,
    ...(maximum === undefined ? {} : bound),
    ...(isClosed && written['properties'] !== undefined ? { additionalProperties: false } : {}),
  };
}

const versionIn = (url: string): string | undefined =>
  /\/v1\/events\/ml\/fraud-detector\/(v\d)$/.exec(url)?.[1];

describe('shipped canaries of KServe and Seldon', () => {
  it('are the ones that the guides name', () => {
    assert.deepEqual(
      files.map(({ path }) => path),
      ['canary', 'awaited', 'plain-loop', 'standard']
        .map((name) => `rollouts/kserve-${name}.yaml`)
        .concat(['canary', 'experiment'].map((name) => `rollouts/seldon-${name}.yaml`))
        .sort(),
    );
    for (const platform of ['kserve', 'seldon']) {
      const guide = readFileSync(new URL(`../../docs/guides/${platform}.md`, import.meta.url), 'utf8');
      for (const { path } of files.filter((file) => file.path.startsWith(`rollouts/${platform}-`))) {
        assert.ok(guide.includes(path), path);
      }
    }
  });

  for (const file of files) {
    describe(file.path, () => {
      it('fits the schemas of its kinds, with no unknown field', () => {
        assert.deepEqual(
          file.documents.flatMap((document) => checkSchema(document).errors),
          [],
        );
      });

      it('says first what it demonstrates and what it needs', () => {
        assert.deepEqual(checkLeadingComment(file.text), []);
      });

      it('begins with 10 % and is judged at 10, 25 and 50', () => {
        const { spec, model } = rolloutOf(file);
        assert.deepEqual(
          spec.stages.map(({ percent, stabilisationSeconds, minimumAnalysisSeconds }) => [
            percent,
            stabilisationSeconds,
            minimumAnalysisSeconds,
          ]),
          [10, 25, 50, 100].map((percent) => [percent, 300, 300]),
        );
        assert.deepEqual(model, { namespace: 'ml', model: 'fraud-detector' });
      });

      it('fits the definition of the custom resource, which knows one way to write each field', () => {
        const isValid = definition(documentOf(file, 'ModelRollout'));
        assert.ok(isValid, JSON.stringify(definition.errors));
      });

      it('refuses a mistyped field of the rollout', () => {
        const rollout = documentOf(file, 'ModelRollout');
        for (const path of ['spec.stage', 'spec.target.kserv', 'spec.stages[0].confidense']) {
          const mistyped = edited(rollout, path, 1);
          assert.deepEqual(pathsOf(checkSchema(mistyped).errors), [path]);
          assert.ok(!definition(mistyped), path);
        }
      });
    });
  }

  it('kserve-canary carries the new model, which differs in where it lies and what it calls itself', () => {
    const file = fileAt('kserve-canary');
    const { spec, target, versions } = rolloutOf(file);
    const service = inferenceServiceSchema.parse(documentOf(file, 'InferenceService'));
    const carried = z
      .object({
        newModel: z.object({ storageUri: z.string(), env: z.array(z.looseObject({ name: z.string() })) }),
      })
      .parse(target.spec).newModel;
    const { model } = service.spec.predictor;
    const named = (version: string) =>
      (model.env ?? []).map((one) => (one.name === 'MODEL_VERSION' ? { ...one, value: version } : one));
    assert.equal(spec.newVersion, 'carried');
    assert.equal(carried.storageUri, model.storageUri.replace('/v1', '/v2'));
    assert.deepEqual(carried.env, named('v2'));
    assert.deepEqual(model.env, named('v1'));
    assert.deepEqual(versions, { canary: 'v2', stable: 'v1' });
    assert.equal(
      service.spec.predictor.canaryTrafficPercent,
      undefined,
      'there it would mean the model before',
    );
  });

  it('kserve-plain-loop is the same by the policy plain-loop', () => {
    const [plain, proven] = [rolloutOf(fileAt('kserve-plain-loop')), rolloutOf(fileAt('kserve-canary'))];
    assert.deepEqual(
      { target: plain.target.spec, versions: plain.versions },
      { target: proven.target.spec, versions: proven.versions },
    );
    assert.deepEqual(
      documentOf(fileAt('kserve-plain-loop'), 'InferenceService'),
      documentOf(fileAt('kserve-canary'), 'InferenceService'),
    );
    assert.deepEqual(
      [plain.spec.policy, plain.spec.undecided, plain.spec.evidence],
      ['plain-loop', 'proceed', { kind: 'window', windowSeconds: 300 }],
    );
    assert.deepEqual([proven.spec.policy, proven.spec.undecided], ['progressive', 'wait']);
  });

  it('kserve-awaited has model, address of the logger and first share in one change', () => {
    const file = fileAt('kserve-awaited');
    const { predictor } = inferenceServiceSchema.parse(documentOf(file, 'InferenceService')).spec;
    assert.equal(rolloutOf(file).spec.newVersion, 'awaited');
    assert.equal(predictor.canaryTrafficPercent, 10);
    assert.equal(versionIn(predictor.logger?.url ?? ''), rolloutOf(file).versions?.canary);
    assert.match(predictor.model.storageUri, /\/v2$/);
  });

  it('kserve-standard names the entry of spec.canary, and leaves the stable version replicas to fall back on', () => {
    const file = fileAt('kserve-standard');
    const { predictor, canary = [] } = inferenceServiceSchema.parse(
      documentOf(file, 'InferenceService'),
    ).spec;
    const { target, versions } = rolloutOf(file);
    assert.deepEqual(target.spec, { name: 'fraud-detector', canary: canary[0]?.predictor.name });
    assert.equal(canary[0]?.trafficPercent, 10);
    assert.deepEqual(versions, {
      canary: versionIn(canary[0].predictor.logger?.url ?? ''),
      stable: versionIn(predictor.logger?.url ?? ''),
    });
    assert.ok((predictor.minReplicas ?? 0) > (canary[0].predictor.minReplicas ?? 0));
  });

  it('seldon-canary names its two predictors, whose traffic makes 100', () => {
    const file = fileAt('seldon-canary');
    const { predictors } = seldonDeploymentSchema.parse(documentOf(file, 'SeldonDeployment')).spec;
    const [stable, canary] = predictors;
    const { target, versions } = rolloutOf(file);
    assert.deepEqual(target.spec, { name: 'fraud-detector', stable: stable?.name, canary: canary?.name });
    assert.deepEqual([stable?.traffic, canary?.traffic], [90, 10]);
    assert.deepEqual(versions, {
      canary: versionIn(canary?.graph.logger.url ?? ''),
      stable: versionIn(stable?.graph.logger.url ?? ''),
    });
  });

  it('seldon-experiment splits the endpoint of its default, 90 to 10', () => {
    const file = fileAt('seldon-experiment');
    const { default: stable, candidates } = experimentSchema.parse(documentOf(file, 'Experiment')).spec;
    assert.deepEqual(candidates, [
      { name: stable, weight: 90 },
      { name: 'fraud-detector-v2', weight: 10 },
    ]);
    assert.deepEqual(rolloutOf(file).target.spec, {
      name: 'fraud-detector',
      stable,
      canary: 'fraud-detector-v2',
    });
  });

  // What the ModelRollout is about has to be there first, unless it waits for a change of it.
  it('have their resources in an order in which they can be applied', () => {
    for (const file of files) {
      const kinds = file.documents.map((document) => kindOf.parse(document).kind);
      const isFirst = kinds[0] === 'ModelRollout';
      assert.equal(isFirst, rolloutOf(file).spec.newVersion === 'awaited', file.path);
    }
  });
});
