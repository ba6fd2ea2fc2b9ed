import { z } from 'zod';
import { invalidInput, VerdictError } from '../../domain/errors.js';
import { checkName } from '../../ingest/line-fields.js';
import { eventsPath } from '../events/event-routes.js';
import {
  eventAnswerSchema,
  eventHeadersSchema,
  eventPathSchema,
  structuredEventSchema,
} from '../schemas/payload-event.js';
import { problemAnswers } from './problem-answers.js';
import type { Route } from './route.js';

/**
 * Events of payload loggers. They are answered ahead of express (`payloadEventsHandler`), which takes five times as long
 * for a request; here it only gets what that left: other methods, and names that cannot be used.
 */
export const eventsRoute: Route = {
  path: eventsPath,
  head: false,
  scope: 'ingest',
  post: {
    operationId: 'postPayloadEvent',
    summary: "Count a request that a model has served, as KServe's or Seldon's payload logger tells it",
    description:
      'One CloudEvent, in binary mode (attributes are headers) or structured mode. Answered at once, before it is counted, and with 200 also when there is too much to do or its caller sends too often. What is read of the body is said in the config (`models.<name>.events`). A model whose events are `open` takes them without credentials.',
    path: eventPathSchema,
    headers: eventHeadersSchema,
    body: {
      description: 'The body of the request or the response, or the event as a whole.',
      content: {
        'application/json': z.unknown().describe('What the model was asked or has answered.'),
        'application/cloudevents+json': structuredEventSchema,
      },
    },
    answers: {
      200: {
        description: 'It was received.',
        contentType: 'application/json',
        schema: eventAnswerSchema,
      },
      ...problemAnswers(400, 429),
    },
    handlers: () => [
      (request) => {
        const problems = Object.keys(eventPathSchema.shape).flatMap((name) => {
          const problem = checkName(name, request.params[name]);
          return problem === undefined ? [] : [{ path: name, message: problem.reason }];
        });
        if (problems.length > 0) throw invalidInput(problems);
        // Express reads some addresses as this path that nobody means, with a backslash in it for one.
        throw new VerdictError('not-found', 'There is no route for this path.');
      },
    ],
  },
};
