import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../../../src/config/index.js';
import type { ArmCounts } from '../../../src/domain/observations.js';
import type { EventResult, PayloadEvents } from '../../../src/ingest/events/index.js';
import { loadAccess } from '../../../src/server/access/index.js';
import { payloadEventsHandler, startPayloadEvents } from '../../../src/server/events/index.js';
import { openMemoryLedger, type Ledger } from '../../../src/sources/index.js';
import { createLogger, createMetrics, type Metrics } from '../../../src/telemetry/index.js';
import { valueOf } from '../../support/value-of.js';

/** When the events of the tests happen: in the middle of a minute. */
export const eventMs = Date.parse('2026-01-05T12:00:30Z');

/** What an event was answered. */
export interface EventAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The handler of payload events on a server of its own, without express, in front of a ledger in memory. */
export class EventsServer {
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  readonly events: PayloadEvents;
  readonly metrics: Metrics;
  readonly logged: readonly string[];
  readonly clock: { nowMs: number };
  readonly #server: Server;

  private constructor(
    parts: Pick<EventsServer, 'ledger' | 'events' | 'metrics' | 'logged' | 'clock'>,
    server: Server,
  ) {
    this.ledger = parts.ledger;
    this.events = parts.events;
    this.metrics = parts.metrics;
    this.logged = parts.logged;
    this.clock = parts.clock;
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  /** Counts are written when a test asks for it (`flush`), unless it says otherwise. */
  static async start({
    config = {},
    wrapLedger = (ledger) => ledger,
  }: {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly wrapLedger?: (ledger: Ledger) => Ledger;
  } = {}): Promise<EventsServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-events-'));
    try {
      const file = join(folder, 'config.yaml');
      const { events, ...sections } = config;
      writeFileSync(file, stringify({ ...sections, events: { saveEvery: '60s', ...(events as object) } }));
      const loaded = valueOf(loadConfig({ file }));
      const access = valueOf(await loadAccess(loaded));
      const ledger = wrapLedger(await openMemoryLedger());
      const clock = { nowMs: eventMs };
      const now = (): number => clock.nowMs;
      const metrics = createMetrics({ processMetrics: false });
      const logged: string[] = [];
      const logger = createLogger({ level: 'debug', to: { write: (line) => void logged.push(line) } });
      const payloadEvents = startPayloadEvents({ config: loaded, ledger, metrics, logger, now });
      const handle = payloadEventsHandler({
        config: loaded,
        events: payloadEvents,
        access,
        metrics,
        logger,
        now,
      });
      const server = createServer((request, response) => {
        if (!handle(request, response)) response.writeHead(404).end('left to the routes');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return new EventsServer({ ledger, events: payloadEvents, metrics, logged, clock }, server);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
    await this.events.close();
    await this.ledger.close();
  }

  async post(
    path: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<EventAnswer> {
    const answer = await fetch(this.url + path, { method: 'POST', body, headers });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? '' : JSON.parse(text) };
  }

  /** Sends events for fraud v2, one after the other; any that is not taken fails the test. */
  async send(
    ...events: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: unknown }[]
  ): Promise<void> {
    for (const { headers, body } of events) {
      const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const answer = await this.post('/v1/events/ml/fraud/v2', bytes, headers);
      assert.deepEqual([answer.status, answer.body], [200, { result: 'taken' }]);
    }
  }

  /** The counts of fraud v2 in the minute of the tests, once all that was sent is written; undefined without any. */
  async counts(version = 'v2'): Promise<ArmCounts | undefined> {
    await this.events.flush();
    const answer = await this.ledger.observe({
      namespace: 'ml',
      model: 'fraud',
      canary: version,
      asOfMs: eventMs + 600_000,
    });
    if (answer.kind !== 'observations') return undefined;
    const { looks } = answer.observations;
    return looks.find(({ startMs }) => startMs <= eventMs && eventMs < startMs + 60_000)?.canary;
  }

  /** How many events had each result; those that none had are left out. */
  async results(): Promise<Partial<Record<EventResult, number>>> {
    const { values } = await this.metrics.events.get();
    return Object.fromEntries(
      values.filter(({ value }) => value > 0).map(({ labels, value }) => [String(labels.result), value]),
    );
  }
}
