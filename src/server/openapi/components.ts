import { z } from 'zod';
import { observationsFileSchema } from '../../domain/observations-file.js';
import { outcomeLineSchema, predictionLineSchema } from '../../ingest/index.js';
import { livenessSchema, readinessSchema } from '../schemas/health.js';
import { ingestAnswerSchema } from '../schemas/ingest-answer.js';
import { planRequestSchema } from '../schemas/plan-request.js';
import { planSchema } from '../schemas/plan.js';
import { problemSchema } from '../schemas/problem.js';
import { verdictDocumentSchema } from '../schemas/verdict-document.js';
import { verdictPageSchema, verdictRecordSchema } from '../schemas/verdict-history.js';
import { verdictRequestSchema } from '../schemas/verdict-request.js';

/** The schemas that the OpenAPI document names, each once. */
const named: Readonly<Record<string, z.ZodType>> = {
  VerdictRequest: verdictRequestSchema,
  VerdictDocument: verdictDocumentSchema,
  VerdictRecord: verdictRecordSchema,
  VerdictPage: verdictPageSchema,
  PlanRequest: planRequestSchema,
  Plan: planSchema,
  Observations: observationsFileSchema,
  PredictionLine: predictionLineSchema,
  OutcomeLine: outcomeLineSchema,
  IngestAnswer: ingestAnswerSchema,
  Liveness: livenessSchema,
  Readiness: readinessSchema,
  Problem: problemSchema,
};

/** Those whose optional arguments may be an empty text. */
const requests: readonly string[] = ['VerdictRequest', 'PlanRequest'];

const names = new Map(Object.entries(named).map(([name, schema]) => [schema, name]));

/** A part of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const options: z.core.ToJSONSchemaParams = {
  // What a caller may write.
  io: 'input',
  override: ({ jsonSchema }) => {
    // The format says as much as its pattern of three lines.
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  },
};

/** The named schemas as JSON Schema, referring to each other. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(named)) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, {
    ...options,
    uri: (name) => `#/components/schemas/${name}`,
  });
  const plain = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, withoutHead(schema)]),
  );
  return Object.fromEntries(
    Object.entries(plain).map(([name, schema]) => [
      name,
      requests.includes(name) ? emptyTextAllowed(schema) : schema,
    ]),
  );
}

/** A schema where it is used: a reference to a named one, else the schema itself. */
export function schemaReference(schema: z.ZodType): JsonSchema {
  const name = names.get(schema);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  if (schema instanceof z.ZodArray) {
    return { type: 'array', items: schemaReference(schema.element as z.ZodType) };
  }
  return inlineSchema(schema);
}

/** The JSON Schema of what a caller may write. */
export function inlineSchema(schema: z.ZodType): JsonSchema {
  return withoutHead(z.toJSONSchema(schema, options));
}

function withoutHead(schema: object): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => !['$schema', '$id', '~standard'].includes(key)),
  );
}

/** Optional arguments may be an empty text, which counts as absent: what a template sends for an unset argument. */
function emptyTextAllowed(schema: JsonSchema): JsonSchema {
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>>;
  const required = schema['required'] as readonly string[];
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        required.includes(name) || takesAnyText(property) ? property : orEmptyText(property),
      ]),
    ),
  };
}

function takesAnyText({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes('string');
}

function orEmptyText({ description, anyOf, ...property }: JsonSchema): JsonSchema {
  const others = Array.isArray(anyOf) ? (anyOf as readonly unknown[]) : [property];
  return { ...(description === undefined ? {} : { description }), anyOf: [...others, { const: '' }] };
}
