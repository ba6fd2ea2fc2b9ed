import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerdictDocument } from '../../../../src/domain/verdict.js';
import { freePort } from '../../../support/prometheus/free-port.js';
import type { FastClock } from '../../../support/service/fast-clock.js';
import { ServiceProcess, type ServiceEnd } from '../../../support/service/service-process.js';

/** The callers that the service knows, each with a token for one thing. */
export const serviceTokens = {
  verdict: 'argo-rollouts-of-the-scenarios',
  ingest: 'applications-of-the-scenarios',
  read: 'people-of-the-scenarios',
} as const;

export interface VerdictServiceOptions {
  readonly clock: FastClock;
  /** Keeps the ledger and the files of the tokens over restarts. */
  readonly folder: string;
  /** Absent: one that is free now. */
  readonly port?: number;
  /** What differs from the default config; a section of its own goes before the access by tokens. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The real program under a fast clock, on one port and one folder however often it is killed and started again. */
export class VerdictService {
  readonly port: number;
  readonly #options: VerdictServiceOptions;
  #process: ServiceProcess | undefined;

  /** Use {@link startVerdictService}. */
  constructor(options: VerdictServiceOptions, port: number) {
    this.#options = options;
    this.port = port;
  }

  /** The same whether it runs or not. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get process(): ServiceProcess {
    if (this.#process === undefined) throw new Error('the service has not been started');
    return this.#process;
  }

  /** The file of the ledger is in it. */
  get ledgerFolder(): string {
    return join(this.#options.folder, 'ledger');
  }

  /** Starts it (again), and waits until it is ready. */
  async start(): Promise<void> {
    const { clock, folder, config } = this.#options;
    this.#process = await ServiceProcess.start({
      ledger: { folder: this.ledgerFolder },
      port: this.port,
      preloaded: ['tsx', clock.preloaded],
      config: { access: { tokens: writeTokens(folder) }, ...config },
    });
  }

  /** Kills it as nothing can prevent. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Ends it as Kubernetes would. */
  async stop(): Promise<ServiceEnd> {
    this.process.signal('SIGTERM');
    return this.process.ended();
  }

  /** Asks for a verdict, as the templates do. */
  async ask(args: Readonly<Record<string, unknown>>): Promise<VerdictDocument> {
    const { status, text } = await this.process.call('/v1/verdict', {
      body: JSON.stringify(args),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${serviceTokens.verdict}` },
    });
    if (status !== 200) throw new Error(`a verdict was answered with ${status}: ${text}`);
    return JSON.parse(text) as VerdictDocument;
  }
}

/** Starts the real program under a fast clock. */
export async function startVerdictService(options: VerdictServiceOptions): Promise<VerdictService> {
  const service = new VerdictService(options, options.port ?? (await freePort()));
  await service.start();
  return service;
}

/** Writes the files of the tokens; answers the callers as the config has them. */
function writeTokens(folder: string): readonly Readonly<Record<string, unknown>>[] {
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens, { recursive: true });
  return Object.entries(serviceTokens).map(([scope, token]) => {
    const file = join(tokens, scope);
    writeFileSync(file, token);
    return { name: scope, files: [file], scopes: [scope] };
  });
}
