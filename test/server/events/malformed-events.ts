import assert from 'node:assert/strict';
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { eventResults, type EventResult } from '../../../src/ingest/events/index.js';
import { EventsServer } from './events-server.js';

const atATime = 32;

interface Input {
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
}

const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

const types = fc.constantFrom(
  'org.kubeflow.serving.inference.request',
  'org.kubeflow.serving.inference.response',
  'io.seldon.serving.inference.response',
  'io.seldon.serving.feedback',
);

/** Mostly events that are nearly right: nonsense alone would be refused at the first header. */
const anyHeaders = fc.record(
  {
    'Ce-Type': fc.oneof({ weight: 5, arbitrary: types }, headerText),
    'Ce-Id': fc.oneof({ weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') }, headerText),
    'Ce-Specversion': fc.oneof({ weight: 5, arbitrary: fc.constant('1.0') }, headerText),
    'Ce-Time': fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('2026-01-05T12:00:30Z', '2026-01-05T12:00:30.1+00:00') },
      headerText,
      fc.constantFrom('1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-01-05T12:00:60Z'),
    ),
    'Ce-Requestid': headerText,
    'Ce-Modelid': headerText,
    'Ce-Statuscode': fc.oneof(fc.constantFrom('200', '404', '500'), headerText),
    'Content-Type': fc.oneof(
      fc.constantFrom('application/json', 'application/octet-stream', 'application/cloudevents+json'),
      headerText,
    ),
    'Content-Encoding': fc.constantFrom('gzip', 'br', 'x'),
    Authorization: headerText,
  },
  { requiredKeys: ['Ce-Type', 'Ce-Id'] },
);

const payload = fc
  .jsonValue({ maxDepth: 4 })
  .chain((value) =>
    fc.constantFrom<unknown>(
      { predictions: [0.5] },
      { predictions: value },
      { predictions: ['x'] },
      { outputs: [{ name: 'a', shape: value, datatype: 'FP32', data: value }] },
      { data: { names: value, ndarray: value }, meta: value },
      { jsonData: value },
      { reward: value, response: { meta: { puid: value } } },
      value,
    ),
  );
const anyBody = fc.oneof(
  payload.map((value) => JSON.stringify(value)),
  payload.map((data) =>
    JSON.stringify({ specversion: '1.0', id: 'a', source: 's', type: 'io.seldon.serving.feedback', data }),
  ),
  fc.string(),
  fc.uint8Array({ maxLength: 2000 }),
);
const anyPath = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('/v1/events/ml/fraud/v2', '/v1/events/ml/churn/v1') },
  fc
    .array(fc.webSegment(), { minLength: 3, maxLength: 3 })
    .map((names) => `/v1/events/${names.map((name) => encodeURIComponent(name.slice(0, 40))).join('/')}`),
);

/**
 * Sends so many events that are wrong in some way: each is answered with 200 or 400 (404 by what lies behind), comes to
 * exactly one result, and gives back what it held.
 */
export async function sendMalformedEvents(inputs: number, seed: number): Promise<void> {
  const server = await EventsServer.start({
    config: {
      models: { fraud: { events: { mode: 'all' } }, churn: { events: { kind: 'label', output: 'a' } } },
      events: { bodyLimit: '1KiB', openCalls: 50 },
    },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: atATime });
  try {
    const send = ({ path, headers, body }: Input): Promise<{ status: number; text: string }> =>
      new Promise((resolve, reject) => {
        const sent = request(
          { host: '127.0.0.1', port: server.port, method: 'POST', path, headers, agent },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8');
            answer.on('data', (piece: string) => (text += piece));
            answer.on('end', () => {
              resolve({ status: answer.statusCode ?? 0, text });
            });
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });
    const sample = fc.sample(fc.record({ path: anyPath, headers: anyHeaders, body: anyBody }), {
      numRuns: inputs,
      seed,
    });
    const counted = new Map<number, number>();
    for (let start = 0; start < sample.length; start += atATime) {
      const answers = await Promise.all(sample.slice(start, start + atATime).map(send));
      for (const { status, text } of answers) {
        assert.ok(status === 200 || status === 400 || status === 404, `${status} ${text}`);
        if (status !== 404) assert.equal(typeof JSON.parse(text), 'object');
        counted.set(status, (counted.get(status) ?? 0) + 1);
      }
      if (start % 3200 === 0) server.clock.nowMs += 61_000;
    }
    await server.events.flush();
    await server.events.close();
    const results = await server.results();
    const total = (Object.keys(eventResults) as EventResult[]).reduce(
      (sum, one) => sum + (results[one] ?? 0),
      0,
    );
    assert.equal(total, inputs - (counted.get(404) ?? 0), JSON.stringify(results));
    assert.equal(results.lost, undefined);
    assert.equal(server.events.budget.held, 0);
    assert.deepEqual(
      server.logged.filter((line) => line.includes('request failed')),
      [],
    );
    assert.ok((counted.get(200) ?? 0) > inputs / 4, JSON.stringify([...counted]));
    assert.ok((counted.get(400) ?? 0) > inputs / 10, JSON.stringify([...counted]));
  } finally {
    agent.destroy();
    await server.close();
  }
}
