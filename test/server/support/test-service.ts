import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ledgerSettings, loadConfig } from '../../../src/config/index.js';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { startServer, type RunningServer } from '../../../src/server/index.js';
import { openLedger, type Ledger } from '../../../src/sources/index.js';
import { createLogger } from '../../../src/telemetry/index.js';

/** Now, where a test does not move the clock: half a minute into a minute, so that the minute before has settled. */
export const defaultNowMs = Date.parse('2026-01-05T11:00:30Z');

/** An answer of the service, read to its end. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string;
  readonly text: string;
  /** The body as JSON; a body that is none fails the test. */
  json(): unknown;
}

/** A service on a free port with a ledger in a folder of its own and a clock that the test moves. */
export class TestService {
  readonly url: string;
  readonly ledger: Ledger;
  readonly port: number;
  readonly clock: { nowMs: number };
  /** Every line that was logged. */
  readonly logged: readonly string[];
  readonly server: RunningServer;
  /** Where the ledger has its file. */
  readonly dataDirectory: string;
  readonly #folder: string;
  readonly #configFile: string;

  private constructor(parts: {
    readonly server: RunningServer;
    readonly ledger: Ledger;
    readonly clock: { nowMs: number };
    readonly logged: readonly string[];
    readonly folder: string;
    readonly configFile: string;
  }) {
    this.server = parts.server;
    this.port = parts.server.port;
    this.url = `${parts.server.protocol}://127.0.0.1:${this.port}`;
    this.ledger = parts.ledger;
    this.clock = parts.clock;
    this.logged = parts.logged;
    this.#configFile = parts.configFile;
    this.#folder = parts.folder;
    this.dataDirectory = join(parts.folder, 'data');
  }

  /** `wrapLedger` puts something between the service and its ledger: a counter, or a failure. */
  static async start({
    config = {},
    wrapLedger = (ledger) => ledger,
    processMetrics = false,
  }: {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly wrapLedger?: (ledger: Ledger) => Ledger;
    readonly processMetrics?: boolean;
  } = {}): Promise<TestService> {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-server-'));
    const file = join(folder, 'config.yaml');
    writeFileSync(file, configText(config));
    const origins = { file, flags: { port: 0, dataDir: join(folder, 'data') } };
    const loaded = loadConfig(origins);
    assert.ok(loaded.ok, JSON.stringify(loaded));
    const ledger = wrapLedger(await openLedger(loaded.value.ledger.dataDir, ledgerSettings(loaded.value)));
    const clock = { nowMs: defaultNowMs };
    const logged: string[] = [];
    const server = await startServer({
      config: loaded.value,
      ledger,
      logger: createLogger({
        level: loaded.value.logging.level,
        to: { write: (line) => void logged.push(line) },
      }),
      now: () => clock.nowMs,
      processMetrics,
      loadConfig: () => loadConfig({ ...origins, again: true }),
    });
    return new TestService({ server, ledger, clock, logged, folder, configFile: file });
  }

  stop(): Promise<void> {
    return this.server.close();
  }

  /** Writes another config in the place of the one before. It is in force once it is reloaded. */
  writeConfig(config: Readonly<Record<string, unknown>> | string): void {
    writeFileSync(this.#configFile, typeof config === 'string' ? config : configText(config));
  }

  /** Takes the config away. */
  removeConfig(): void {
    rmSync(this.#configFile);
  }

  /** The lines of the log with a message. */
  logLines(message: string): readonly Readonly<Record<string, unknown>>[] {
    return this.logged
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      .filter(({ msg }) => msg === message);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.ledger.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async request(path: string, init: RequestInit = {}): Promise<TestAnswer> {
    const answer = await fetch(this.url + path, init);
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      type: answer.headers.get('content-type') ?? '',
      text,
      json: () => JSON.parse(text) as unknown,
    };
  }

  post(
    path: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TestAnswer> {
    return this.request(path, { method: 'POST', body, headers });
  }

  /** Asks for a verdict as Argo's `jsonBody` does; anything but a 200 with a document fails the test. */
  async ask(arguments_: Readonly<Record<string, unknown>>): Promise<VerdictDocument> {
    return documentOf(
      await this.post('/v1/verdict', JSON.stringify(arguments_), { 'Content-Type': 'application/json' }),
    );
  }

  /** Asks for a verdict by a query string. */
  async askByQuery(query: string): Promise<VerdictDocument> {
    return documentOf(await this.request(`/v1/verdict?${query}`));
  }

  /** Sends events; refused lines fail the test. */
  async ingest(kind: 'predictions' | 'outcomes', lines: readonly unknown[]): Promise<void> {
    const body = lines.map((line) => JSON.stringify(line)).join('\n');
    const answer = await this.post(`/v1/${kind}`, body);
    assert.deepEqual(answer.json(), { accepted: lines.length, refused: [], duplicate: false });
  }

  /** The value of a metric with exactly these labels; 0 where it has never been counted. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const { text } = await this.request('/metrics');
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const line = text
      .split('\n')
      .filter((candidate) => candidate.startsWith(`${name}{`) || candidate.startsWith(`${name} `))
      .find((candidate) => wanted.every((label) => candidate.includes(label)));
    return Number(line?.split(' ').at(-1) ?? 0);
  }
}

function configText(config: Readonly<Record<string, unknown>>): string {
  return stringify({ logging: { level: 'debug' }, ...config });
}

function documentOf(answer: TestAnswer): VerdictDocument {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.type, /^application\/json/);
  return answer.json() as VerdictDocument;
}
