import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { ingestLimits } from '../../config/ingest-limits.js';
import { shareOf, type BodyStream, type IngestOptions, type IngestResult } from '../../ingest/index.js';
import { ingestRights } from '../access/index.js';
import { decodedBody } from '../http/decoded-body.js';
import { drainRequest } from '../http/drain-request.js';
import { problemOf } from '../http/problem.js';
import { ingestAnswerSchema } from '../schemas/ingest-answer.js';
import type { Services } from '../services.js';
import { problemAnswers } from './problem-answers.js';
import type { Operation } from './route.js';

/** What is particular to one kind of ingest. */
interface IngestParts {
  readonly kind: 'predictions' | 'outcomes';
  readonly operationId: string;
  readonly summary: string;
  readonly line: z.ZodType;
  readonly ingest: (body: BodyStream, options: IngestOptions) => Promise<IngestResult>;
}

/** For how long a refused body is read on: its sender sees the answer only once it has sent all of it. */
const drainMs = 10_000;

/** The POST of an ingest route: a streamed body, answered once it is durable. */
export function ingestOperation(parts: IngestParts): Operation {
  return {
    operationId: parts.operationId,
    summary: parts.summary,
    description:
      'One JSON object a line (NDJSON), or one JSON array of them; the Content-Type does not matter. Answered once it is durable; refused lines are named one by one, the others are kept.',
    headers: z.strictObject({
      'Idempotency-Key': z
        .string()
        .min(1)
        .max(255)
        .optional()
        .describe('Makes a retry harmless: the same key with the same body counts once. Kept for 24 hours.'),
    }),
    body: {
      description: 'Events, in UTF-8.',
      content: { 'application/x-ndjson': parts.line, 'application/json': z.array(parts.line) },
    },
    answers: {
      200: {
        description: 'What was counted and what was not.',
        contentType: 'application/json',
        schema: ingestAnswerSchema,
      },
      ...problemAnswers(400, 413, 415, 422, 503),
    },
    handlers: (services) => [handleIngest(parts, services)],
  };
}

function handleIngest({ kind, ingest }: IngestParts, services: Services): RequestHandler {
  const { config, ingested, ingestMemory, ledger, metrics, now } = services;
  const limits = ingestLimits(config);
  return async (request, response) => {
    const stopTimer = metrics.ledgerWriteSeconds.startTimer({ what: kind });
    const idempotencyKey = request.get('Idempotency-Key');
    let result: Extract<IngestResult, { readonly kind: 'answered' }>;
    try {
      const options = {
        ledger,
        now,
        limits,
        listener: ingested,
        memory: shareOf(ingestMemory, () => {
          metrics.requestsShed.inc({ reason: 'memory' });
        }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...ingestRights(request, services),
      };
      result = answered(await ingest(decodedBody(request, limits.maxBodyBytes), options));
    } catch (error) {
      const isOurs = problemOf(error).status >= 500;
      metrics.ingestBatches.inc({ kind, result: isOurs ? 'failed' : 'refused' });
      if (clientLeft(request)) return;
      await drainRequest(request, { bytes: limits.maxBodyBytes, milliseconds: drainMs });
      throw error;
    }
    stopTimer();
    const { answer, tally } = result;
    metrics.ingestBatches.inc({ kind, result: answer.duplicate ? 'duplicate' : 'stored' });
    for (const outcome of ['accepted', 'refused', 'late', 'unmatched'] as const) {
      metrics.ingestLines.inc({ kind, result: outcome }, tally[outcome]);
    }
    response.json(answer);
  };
}

function answered(result: IngestResult): Extract<IngestResult, { readonly kind: 'answered' }> {
  if (result.kind === 'failed') throw result.error;
  return result;
}

/** Whether nobody waits for an answer any more. */
function clientLeft(request: Request): boolean {
  return request.socket.destroyed;
}
