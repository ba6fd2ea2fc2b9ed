import type { RequestHandler } from 'express';
import { problem } from './problem.js';
import { sendProblem } from './send-problem.js';

/** Answers a method that the route does not have, with those that it has. */
export function methodNotAllowed(allowed: readonly string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed.join(', '));
    sendProblem(request, response, problem('method-not-allowed', `Use ${allowed.join(' or ')}.`));
  };
}
