import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { RouteScope } from '../access/index.js';
import type { RequestPool } from '../limits/admission.js';
import type { Services } from '../services.js';

/** One kind of answer of an operation. */
export interface RouteAnswer {
  readonly description: string;
  readonly contentType: string;
  /** Absent: text that has no schema. */
  readonly schema?: z.ZodType;
}

/** What a request may carry beside its parameters. */
export interface RouteBody {
  readonly description: string;
  /** Each content type with the schema of one document, or of one line, in it. */
  readonly content: Readonly<Record<string, z.ZodType>>;
}

/** One method of a route: what OpenAPI says of it, and what answers it. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** An object schema: one query parameter a key. */
  readonly query?: z.ZodType;
  readonly path?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: RouteBody;
  /** By status. */
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  handlers(services: Services): readonly RequestHandler[];
}

/** A path with its methods. */
export interface Route {
  /** In the syntax of express: `/v1/verdicts/:id`. */
  readonly path: string;
  /** Whether HEAD is answered as GET without a body. Off where an empty answer would be misread. */
  readonly head: boolean;
  /** What its callers have to be let in for. */
  readonly scope: RouteScope;
  /** Whose limit its requests count against; absent: they are never refused for being too many. */
  readonly pool?: RequestPool;
  readonly get?: Operation;
  readonly post?: Operation;
}
