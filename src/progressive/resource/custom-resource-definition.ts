import { targetKinds } from '../targets/index.js';
import type { TargetKind } from '../targets/target-kind.js';
import { modelRolloutKind, modelRolloutKindName } from './model-rollout-kind.js';
import { modelRolloutSpecSchema } from './model-rollout-schema.js';
import { durationSchema, leastSeconds } from './duration-schema.js';
import { modelRolloutStatusSchema } from './status-schema.js';
import { structuralSchema, type Replacements, type StructuralSchema } from './structural-schema.js';
import { newVersionRules, targetRules, versionRules, type Rule } from './target-rules.js';

const percent: StructuralSchema = { type: 'integer', minimum: 1, maximum: 100 };

/** Where people may write a number or a text, or a number for an object, one way is left: an API server knows one type a field. */
function replacements(stage: StructuralSchema): Replacements {
  const durations = Object.entries(leastSeconds);
  return {
    ...Object.fromEntries(durations.map(([name, least]) => [`spec.${name}`, durationSchema(least)])),
    'spec.run': { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
    'spec.stages': {
      type: 'array',
      minItems: 2,
      maxItems: 50,
      items: stage,
      'x-kubernetes-validations': stageRules,
    },
  };
}

const stageRules: readonly Rule[] = [
  {
    rule: 'self.map(stage, stage.percent).isSorted() && self.all(one, self.exists_one(other, other.percent == one.percent))',
    message: 'expected ascending percentages, none of them twice',
  },
  { rule: 'self[size(self) - 1].percent == 100', message: 'expected 100 as the last percentage' },
];

const specRules: readonly Rule[] = [
  {
    rule: 'self.run > oldSelf.run || self.target == oldSelf.target',
    message:
      'expected the same target and model for the whole run: another begins with a higher spec.run, once this run has ended',
  },
  { rule: 'self.run >= oldSelf.run', message: 'expected spec.run not to become lower' },
  ...newVersionRules,
];

const rootRules: readonly Rule[] = [
  {
    rule: "self.spec.run == oldSelf.spec.run || !has(self.status) || !has(self.status.phase) || self.status.phase in ['promoted', 'rolled-back', 'failed']",
    message: 'expected spec.run to stay until this run has ended: abort it, or wait for its end',
  },
];

/** Which fields a model has is the target's own affair. */
const newModel: StructuralSchema = {
  type: 'object',
  minProperties: 1,
  'x-kubernetes-preserve-unknown-fields': true,
};

const columns = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Canary %', type: 'integer', jsonPath: '.status.percent' },
  { name: 'Stage', type: 'integer', jsonPath: '.status.stage' },
  { name: 'Verdict', type: 'string', jsonPath: '.status.lastVerdict.verdict' },
  { name: 'Accepted', type: 'string', jsonPath: '.status.conditions[?(@.type=="Accepted")].reason' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Canary', type: 'string', jsonPath: '.status.canary', priority: 1 },
  { name: 'Stable', type: 'string', jsonPath: '.status.stable', priority: 1 },
  { name: 'Message', type: 'string', jsonPath: '.status.message', priority: 1 },
];

/** The definition of the custom resource, made from the schemas that the controller itself reads with. */
export function customResourceDefinition(kinds: readonly TargetKind[] = targetKinds): StructuralSchema {
  const { group, version, plural } = modelRolloutKind;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind: modelRolloutKindName,
        listKind: `${modelRolloutKindName}List`,
        plural,
        singular: 'modelrollout',
        shortNames: ['mlr'],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: rootSchema(kinds) },
        },
      ],
    },
  };
}

function rootSchema(kinds: readonly TargetKind[]): StructuralSchema {
  const status = structuralSchema(modelRolloutStatusSchema, 'status');
  return {
    type: 'object',
    description:
      'How the canary of a model is driven through its stages: judged by ml-verdict at each, on to the next or back to zero. Deleting it drops the rollout and leaves the target as it is.',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: specOf(kinds),
      // One that is refused has conditions only.
      status: { ...status, required: undefined, description: 'written by the controller alone' },
    },
    'x-kubernetes-validations': rootRules,
  };
}

function specOf(kinds: readonly TargetKind[]): StructuralSchema {
  const schema = modelRolloutSpecSchema(kinds);
  const written = structuralSchema(schema, 'spec', {
    ...replacements(stageOf(schema)),
    'spec.target.kserve.newModel': newModel,
    ...commandList(schema),
  });
  const properties = written['properties'] as Readonly<Record<string, StructuralSchema>>;
  const names = kinds.map(({ name }) => name);
  const rule = `[${names.map((name) => `has(self.${name})`).join(', ')}].exists_one(given, given)`;
  const target = {
    ...withRules(properties['target'] ?? {}),
    'x-kubernetes-validations': [{ rule, message: `expected exactly one of ${names.join(', ')}` }],
  };
  const versions = { ...properties['versions'], 'x-kubernetes-validations': versionRules };
  return {
    ...written,
    properties: { ...properties, target, versions },
    'x-kubernetes-validations': specRules,
  };
}

/** What holds within each kind of target. */
function withRules(target: StructuralSchema): StructuralSchema {
  const kinds = target['properties'] as Readonly<Record<string, StructuralSchema>>;
  const properties = Object.entries(kinds).map(([name, kind]) => {
    const rules = targetRules[name];
    return [name, rules === undefined ? kind : { ...kind, 'x-kubernetes-validations': rules }] as const;
  });
  return { ...target, properties: Object.fromEntries(properties) };
}

/** A stage is always an object here. */
function stageOf({ shape }: ReturnType<typeof modelRolloutSpecSchema>): StructuralSchema {
  const [, stage] = shape.stages.unwrap().element.options;
  return structuralSchema(stage, 'stage', {
    'stage.percent': percent,
    'stage.stabilisation': durationSchema(0),
    'stage.minimumAnalysis': durationSchema(0),
    'stage.confidence': { type: 'number', minimum: 0.5, maximum: 1, exclusiveMaximum: true },
  });
}

/** Two who add a command at the same time do not lose one. */
function commandList({ shape }: ReturnType<typeof modelRolloutSpecSchema>): Replacements {
  const commands = structuralSchema(shape.commands.unwrap(), 'commands');
  const items = commands['items'] as StructuralSchema;
  return {
    'spec.commands': {
      ...commands,
      items: { ...items, required: ['id', 'kind'] },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['id'],
    },
  };
}
