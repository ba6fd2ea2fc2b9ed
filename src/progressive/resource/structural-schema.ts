import { z } from 'zod';

/** A schema as the definition of a custom resource has it. */
export type StructuralSchema = Readonly<Record<string, unknown>>;

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** What stands in place of the schema at a path: `spec.stages`, `spec.stages[].percent`. Descriptions stay. */
export type Replacements = Readonly<Record<string, StructuralSchema>>;

/**
 * A zod schema as a structural one, in which every field has one type. Values of two types (a duration as text or as seconds)
 * have to be replaced.
 *
 * @throws RangeError naming the path of what has no structural form
 */
export function structuralSchema(
  schema: z.ZodType,
  at: string,
  replacements: Replacements = {},
): StructuralSchema {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return converted(json, at, replacements);
}

const kept = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'enum',
] as const;

/** The integer limits that zod adds to whole numbers say nothing. */
const largest = Number.MAX_SAFE_INTEGER;

function converted(json: JsonSchema, at: string, replacements: Replacements): StructuralSchema {
  const about = json.description === undefined ? {} : { description: json.description };
  const replacement = replacements[at];
  if (replacement !== undefined) return { ...about, ...replacement };
  if (json.const !== undefined) return { ...about, type: typeof json.const, enum: [json.const] };
  const type = typeOf(json, at);
  const limits = Object.fromEntries(
    kept.flatMap((name) => {
      const value = json[name];
      return value === undefined || value === largest || value === -largest ? [] : [[name, value]];
    }),
  );
  const open = {
    ...(json.exclusiveMinimum === undefined
      ? {}
      : { minimum: json.exclusiveMinimum, exclusiveMinimum: true }),
    ...(json.exclusiveMaximum === undefined
      ? {}
      : { maximum: json.exclusiveMaximum, exclusiveMaximum: true }),
  };
  const format = json.format === 'date-time' ? { format: 'date-time' } : {};
  // Where there is a format, the pattern that zod adds says the same again.
  const plain = {
    ...about,
    type,
    ...(json.format === undefined ? limits : { ...limits, pattern: undefined }),
    ...open,
    ...format,
  };
  if (type === 'object') return { ...plain, ...fieldsOf(json, at, replacements) };
  if (type === 'array') return { ...plain, items: converted(json.items ?? {}, `${at}[]`, replacements) };
  return plain;
}

function typeOf({ type, enum: values, anyOf, properties }: JsonSchema, at: string): string {
  if (typeof type === 'string') return type;
  if (values?.every((value) => typeof value === 'string') === true) return 'string';
  if (type === undefined && anyOf === undefined && properties === undefined) return 'object';
  throw new RangeError(`${at}: expected one type, got ${JSON.stringify(type ?? anyOf)}`);
}

function fieldsOf(json: JsonSchema, at: string, replacements: Replacements): StructuralSchema {
  const { properties, required = [], additionalProperties } = json;
  const fields = Object.entries(properties ?? {}).map(([name, field]) => [
    name,
    converted(field, `${at}.${name}`, replacements),
  ]);
  return {
    ...(fields.length === 0 ? {} : { properties: Object.fromEntries(fields) as StructuralSchema }),
    ...(required.length === 0 ? {} : { required }),
    ...(additionalProperties === false ? {} : { 'x-kubernetes-preserve-unknown-fields': true }),
  };
}
