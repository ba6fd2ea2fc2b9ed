import type { Request, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import type { AccessScope } from '../../config/index.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { idsOf, requestContext } from '../http/request-context.js';
import { sendProblem } from '../http/send-problem.js';
import type { RefusalReason } from './refusal.js';
import { refusalAnswer } from './refusal-answer.js';

/** What refusing somebody is told to. */
export interface RefusalParts {
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Answers a request that is not let in, counts it and logs it. Its body is not read, but for what lets the answer arrive. */
export function refuse(
  request: Request,
  response: Response,
  reason: RefusalReason,
  scope: AccessScope,
  parts: RefusalParts,
): void {
  noteRefusal(request, reason, parts);
  const { problem, challenge } = refusalAnswer(reason, scope);
  if (challenge !== undefined) response.set('WWW-Authenticate', challenge);
  sendProblem(request, response, problem);
}

/** Counts and logs that something was refused: why and to whom, never with what. */
export function noteRefusal(
  request: IncomingMessage,
  reason: RefusalReason,
  { metrics, logger }: RefusalParts,
): void {
  metrics.accessRefusals.inc({ reason });
  const context = requestContext(request);
  const line = { ...idsOf(context), route: context.route, reason };
  if (reason === 'missing-credentials') logger.info(line, 'a request without credentials was refused');
  else logger.warn(line, 'credentials were refused');
}
