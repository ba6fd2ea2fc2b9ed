import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { defaultBoundTexts, scoreEdgeTexts } from '../exposure.js';
import { Tally, type SentRequest, type WrittenTally } from '../tally.js';

/** What a pod had served when it was scraped; kept apart from its metrics. */
export interface JournalEntry {
  /** The value of `exporter_scrape` in the same scrape: by it the samples of a server are found. */
  readonly scrape: number;
  readonly tally: WrittenTally;
}

export interface ExporterOptions {
  /** The number before that of the first scrape. Processes that follow each other on a port need numbers of their own. */
  readonly scrapesBefore: number;
  /** When the process is said to have begun. */
  readonly startedMs: number;
  /** Is told before the scrape is answered. */
  readonly journal: (entry: JournalEntry) => void;
}

/**
 * A pod as a Prometheus sees it: `/metrics` is written by prom-client, `POST /serve` takes requests as JSON and has
 * answered them at once.
 */
export class Exporter {
  readonly #registry = new Registry();
  readonly #tally = new Tally();
  readonly #journal: (entry: JournalEntry) => void;
  readonly #server: Server;
  #scrapes: number;

  readonly #requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests by HTTP status.',
    labelNames: ['code'],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer.',
    buckets: defaultBoundTexts.map(Number),
    registers: [this.#registry],
  });
  readonly #scores = new Histogram({
    name: 'model_score',
    help: 'Scores.',
    buckets: scoreEdgeTexts.map(Number),
    registers: [this.#registry],
  });
  readonly #predictions = new Counter({
    name: 'model_predictions_total',
    help: 'Predictions by class.',
    labelNames: ['class'],
    registers: [this.#registry],
  });
  readonly #successes = counterOf(this.#registry, 'model_successes_total');
  readonly #failures = counterOf(this.#registry, 'model_failures_total');
  readonly #outcomes = counterOf(this.#registry, 'model_outcomes_total');
  readonly #amounts = counterOf(this.#registry, 'model_outcome_amount_total');
  readonly #squares = counterOf(this.#registry, 'model_outcome_amount_squares_total');
  readonly #scrape = new Gauge({
    name: 'exporter_scrape',
    help: 'The number of this scrape.',
    registers: [this.#registry],
  });

  constructor({ scrapesBefore, startedMs, journal }: ExporterOptions) {
    this.#scrapes = scrapesBefore;
    this.#journal = journal;
    new Gauge({
      name: 'process_start_time_seconds',
      help: 'When the process began.',
      registers: [this.#registry],
    }).set(startedMs / 1000);
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(
        ({ type, text }) => response.setHeader('Content-Type', type).end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  /** Listens on a port of the loopback. */
  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  serve(requests: readonly SentRequest[]): void {
    for (const request of requests) {
      const { code, latencyMs, score, label, outcome } = request;
      this.#tally.add(request);
      this.#requests.inc({ code });
      (code.startsWith('5') ? this.#failures : this.#successes).inc();
      this.#seconds.observe(latencyMs / 1000);
      if (score !== undefined) this.#scores.observe(score);
      if (label !== undefined) this.#predictions.inc({ class: label });
      if (outcome === undefined) continue;
      this.#outcomes.inc();
      this.#amounts.inc(outcome);
      this.#squares.inc(outcome * outcome);
    }
  }

  async #answer(request: IncomingMessage): Promise<{ readonly type: string; readonly text: string }> {
    if (request.method === 'POST') {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      this.serve(JSON.parse(Buffer.concat(pieces).toString()) as readonly SentRequest[]);
      return { type: 'text/plain', text: 'served' };
    }
    this.#scrapes += 1;
    this.#scrape.set(this.#scrapes);
    // The registry writes its text without being interrupted by requests only as long as none of its metrics waits.
    const entry = { scrape: this.#scrapes, tally: this.#tally.write() };
    const text = await this.#registry.metrics();
    this.#journal(entry);
    return { type: this.#registry.contentType, text };
  }
}

function counterOf(registry: Registry, name: string): Counter {
  return new Counter({ name, help: 'A count or a sum.', registers: [registry] });
}
