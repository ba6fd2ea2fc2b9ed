import { createServer, type Server } from 'node:http';
import express from 'express';
import { loadConfig } from '../../../src/config/index.js';
import { loadAccess } from '../../../src/server/access/index.js';
import { payloadEventsHandler, startPayloadEvents } from '../../../src/server/events/index.js';
import { openMemoryLedger } from '../../../src/sources/index.js';
import { createLogger, createMetrics } from '../../../src/telemetry/index.js';
import { valueOf } from '../../support/value-of.js';

/** The servers that are measured against each other. */
export type BenchServer = 'node' | 'express' | 'events' | 'events-all';

/** A response event as KServe's agent sends it; id and type are the client's. */
export const responseHeaders: Readonly<Record<string, string>> = {
  'User-Agent': 'Go-http-client/1.1',
  'Ce-Component': 'predictor',
  'Ce-Endpoint': 'default',
  'Ce-Inferenceservicename': 'm',
  'Ce-Metadata': '{}',
  'Ce-Namespace': 'ml',
  'Ce-Source': 'http://localhost:9081/',
  'Ce-Specversion': '1.0',
  'Content-Type': 'application/json',
};
export const responseBody = JSON.stringify({
  model_name: 'm',
  model_version: '1',
  id: 'req-7',
  outputs: [{ name: 'score', shape: [1], datatype: 'FP32', data: [0.9123] }],
});

const answer = '{"result":"taken"}';

/** Makes one of the servers; it does not listen yet. */
export async function makeServer(kind: BenchServer): Promise<Server> {
  if (kind === 'node') {
    return createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer);
      });
    });
  }
  if (kind === 'express') {
    const app = express();
    app.use(express.raw({ type: () => true }));
    app.post('/v1/events/:namespace/:model/:version', (_request, response) => {
      response.json({ result: 'taken' });
    });
    return createServer((request, response) => {
      app(request, response);
    });
  }
  const loaded = valueOf(loadConfig({}));
  const mode = kind === 'events-all' ? 'all' : 'response';
  const settings = { mode, responseWithinMs: 60_000, instances: 'every', ids: 'keep' } as const;
  const config = { ...loaded, models: new Map([['*', { events: { isOpen: false, reading: settings } }]]) };
  const parts = {
    config,
    ledger: await openMemoryLedger(),
    metrics: createMetrics({ processMetrics: false }),
    logger: createLogger({ level: 'info' }),
    now: Date.now,
  };
  const events = startPayloadEvents(parts);
  const handle = payloadEventsHandler({ ...parts, events, access: valueOf(await loadAccess(config)) });
  return createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(404).end();
  });
}
