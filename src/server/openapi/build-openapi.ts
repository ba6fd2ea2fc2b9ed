import type { z } from 'zod';
import { readBuildInfo } from '../../telemetry/build-info.js';
import type { RouteScope } from '../access/index.js';
import { problemAnswers } from '../routes/problem-answers.js';
import type { Operation, Route } from '../routes/route.js';
import { componentSchemas, inlineSchema, schemaReference, type JsonSchema } from './components.js';

/** The OpenAPI 3.1 document of some routes, made from the schemas that check their requests and answers. */
export function buildOpenApi(routes: readonly Route[]): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.1',
    info: {
      title: 'ml-verdict',
      version: readBuildInfo().version,
      description:
        'Judges canaries of machine-learning models: promote, hold or rollback. Errors are problem details (RFC 9457); every answer carries the request id in `X-Request-Id`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries(routes.map((route) => [pathOf(route), pathItem(route)])),
    components: { securitySchemes: { bearer: bearerScheme }, schemas: componentSchemas() },
  };
}

const bearerScheme = {
  type: 'http',
  scheme: 'bearer',
  description:
    'A token of the config, or a signed one (JWT) of an issuer of the config. Not asked for where the config lets in callers without credentials.',
};

/** What a caller has to be let in for. */
function securityOf(scope: RouteScope): readonly JsonSchema[] {
  if (scope === 'open') return [];
  // The config says whether the metrics are open.
  return scope === 'metrics' ? [{}, { bearer: ['read'] }] : [{ bearer: [scope] }];
}

/** What a request may get before it comes to the operation. */
function refusals({ scope, pool }: Route): Operation['answers'] {
  return {
    ...(scope === 'open' ? {} : problemAnswers(401, 403)),
    ...(pool === undefined ? {} : problemAnswers(429, 503)),
  };
}

function pathOf(route: Route): string {
  return route.path.replaceAll(/:(\w+)/g, '{$1}');
}

function pathItem(route: Route): JsonSchema {
  const { get, post } = route;
  return {
    ...(get === undefined ? {} : { get: describeOperation(get, route) }),
    ...(post === undefined ? {} : { post: describeOperation(post, route) }),
  };
}

function describeOperation(operation: Operation, route: Route): JsonSchema {
  const parameters = [
    ...parametersIn('path', operation.path),
    ...parametersIn('query', operation.query),
    ...parametersIn('header', operation.headers),
  ];
  return {
    operationId: operation.operationId,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: securityOf(route.scope),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            description: operation.body.description,
            content: Object.fromEntries(
              Object.entries(operation.body.content).map(([type, schema]) => [
                type,
                { schema: schemaReference(schema) },
              ]),
            ),
          },
        }),
    responses: Object.fromEntries(
      Object.entries({ ...operation.answers, ...refusals(route) }).map(
        ([status, { description, contentType, schema }]) => [
          status,
          {
            description,
            content: { [contentType]: schema === undefined ? {} : { schema: schemaReference(schema) } },
          },
        ],
      ),
    ),
  };
}

function parametersIn(
  place: 'path' | 'query' | 'header',
  schema: z.ZodType | undefined,
): readonly JsonSchema[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inlineSchema(schema) as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties)
    .filter(([, property]) => property['type'] !== 'object')
    .map(([name, { description, ...property }]) => ({
      name,
      in: place,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: property,
    }));
}
