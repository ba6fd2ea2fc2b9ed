import type { RequestHandler } from 'express';
import { suggestName } from '../../domain/nearest-name.js';
import { problem } from './problem.js';
import { sendProblem } from './send-problem.js';

/** Answers what no route took, with the nearest path that there is. */
export function notFound(paths: readonly string[]): RequestHandler {
  return (request, response) => {
    const path = request.path.slice(0, 100);
    sendProblem(
      request,
      response,
      problem('not-found', `There is no route for this path; ${suggestName(path, paths)}`),
    );
  };
}
