import assert from 'node:assert/strict';
import { z } from 'zod';
import { customResourceDefinition } from '../../../src/progressive/resource/index.js';
import { conditionTypes } from '../../../src/progressive/resource/condition.js';
import { modelRolloutSpecSchema } from '../../../src/progressive/resource/model-rollout-schema.js';
import { structuralSchema } from '../../../src/progressive/resource/structural-schema.js';
import { targetKinds } from '../../../src/progressive/targets/index.js';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

const definition = customResourceDefinition() as unknown as {
  readonly spec: {
    readonly versions: readonly [
      {
        readonly schema: { readonly openAPIV3Schema: Schema };
        readonly additionalPrinterColumns: readonly {
          readonly name: string;
          readonly jsonPath: string;
          readonly priority?: number;
        }[];
      },
    ];
  };
};
const [version] = definition.spec.versions;
const root = version.schema.openAPIV3Schema;

function walk(schema: Schema, path: string, call: (schema: Schema, path: string) => void): void {
  call(schema, path);
  for (const [name, field] of Object.entries(schema.properties ?? {})) walk(field, `${path}.${name}`, call);
  if (schema.items !== undefined) walk(schema.items, `${path}[]`, call);
}

const at = (path: string): Schema | undefined =>
  path
    .split('.')
    .filter((name) => name !== '')
    .reduce<Schema | undefined>((schema, name) => schema?.properties?.[name], root);

describe('customResourceDefinition', () => {
  it('has every field of the schema that it is read with', () => {
    const known = Object.keys(modelRolloutSpecSchema(targetKinds).shape);
    assert.deepEqual(Object.keys(root.properties?.['spec']?.properties ?? {}).sort(), known.sort());
    assert.deepEqual(
      Object.keys(at('spec.target')?.properties ?? {}),
      targetKinds.map(({ name }) => name),
    );
  });

  it('has one type for every field, and bounds on all that a person writes', () => {
    walk(root, '', (schema, path) => {
      assert.ok(schema.type !== undefined || schema['x-kubernetes-int-or-string'], path);
      const isText = schema.type === 'string' && schema.enum === undefined && schema.format === undefined;
      const isWritten = path.startsWith('.spec') || path.startsWith('.status');
      if (isText && isWritten) assert.ok(schema.maxLength, path);
      if (schema.type === 'array') assert.ok(schema.maxItems, path);
    });
  });

  it('says what was expected in every message', () => {
    let count = 0;
    walk(root, '', (schema) => {
      for (const { message } of schema['x-kubernetes-validations'] ?? []) {
        count += 1;
        assert.match(message, /^expected /);
      }
    });
    assert.equal(count, 14);
  });

  it('describes every field of the spec', () => {
    walk(at('spec') ?? {}, 'spec', (schema, path) => {
      const isName = path.endsWith('.kind') || path === 'spec' || path.endsWith('[]');
      const isVersion = path.startsWith('spec.versions.');
      if (!isName && !isVersion) assert.ok(schema.description, path);
    });
  });

  it('shows without a further option why one is not driven', () => {
    const column = version.additionalPrinterColumns.find(({ jsonPath }) => jsonPath.includes('"Accepted"'));
    assert.deepEqual([column?.name, column?.priority], ['Accepted', undefined]);
  });

  it('shows columns that there are', () => {
    for (const { name, jsonPath } of version.additionalPrinterColumns) {
      if (jsonPath.startsWith('.metadata')) continue;
      const condition = /^(.*)\[\?\(@\.type=="(\w+)"\)\]\.(\w+)$/.exec(jsonPath);
      if (condition === null) {
        assert.ok(at(jsonPath), name);
        continue;
      }
      const [, list = '', type = '', field = ''] = condition;
      assert.ok(at(list)?.items?.properties?.[field], name);
      assert.ok(
        conditionTypes.some((known) => known === type),
        name,
      );
    }
  });
});

describe('structuralSchema', () => {
  it('keeps bounds, and leaves open what is open', () => {
    const schema = z.strictObject({
      name: z.string().min(1).max(9),
      share: z.number().min(0.5).lt(1).optional(),
      rest: z.record(z.string(), z.unknown()),
      kind: z.literal('a'),
    });
    assert.deepEqual(JSON.parse(JSON.stringify(structuralSchema(schema, 'x'))), {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 9 },
        share: { type: 'number', minimum: 0.5, maximum: 1, exclusiveMaximum: true },
        rest: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        kind: { type: 'string', enum: ['a'] },
      },
      required: ['name', 'rest', 'kind'],
    });
  });

  it('refuses what has two types, unless it is replaced', () => {
    const schema = z.strictObject({ a: z.union([z.number(), z.string()]).describe('both') });
    assert.throws(() => structuralSchema(schema, 'x'), /x\.a: expected one type/);
    const replaced = structuralSchema(schema, 'x', { 'x.a': { type: 'integer' } });
    assert.deepEqual(replaced['properties'], { a: { description: 'both', type: 'integer' } });
  });
});
