import assert from 'node:assert/strict';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VerdictDocument } from '../../../../src/domain/verdict.js';
import { fleetSignals } from '../../../support/fleet/fleet-signals.js';
import { ServiceProcess, type ServiceOptions } from '../../../support/service/service-process.js';

export const deadlineMs = 3000;

/** So much later than the deadline an answer may be there, on a machine that does other things too. */
const latenessMs = 1500;

/** Of the ledger, beside everything that is read from Prometheus. */
export const ledgerModel = 'from-the-ledger';

/** The settings of a server in the config. */
export type ServerSetting = Readonly<Record<string, unknown>> & { readonly url: string };

/** A verdict, and how long it took. */
export interface AnsweredVerdict {
  readonly document: VerdictDocument;
  readonly tookMs: number;
}

export interface FaultyServiceOptions {
  readonly servers: Readonly<Record<string, ServerSetting>>;
  /** Absent: a folder of its own. */
  readonly ledger?: ServiceOptions['ledger'];
  /** What time it is for the service whenever it is set right. */
  readonly nowMs: number;
}

/**
 * The real service, whose models are read from servers that misbehave. A model is called `server-0`, `server-1` and so on: each
 * is another canary of the same series, of which nothing is known yet.
 */
export class FaultyService {
  readonly process: ServiceProcess;
  readonly #nowMs: number;
  readonly #folder: string;
  /** Everything that was answered. */
  readonly texts: string[] = [];
  #step = 0;

  private constructor(process: ServiceProcess, nowMs: number, folder: string) {
    this.process = process;
    this.#nowMs = nowMs;
    this.#folder = folder;
  }

  static async start({ servers, ledger, nowMs }: FaultyServiceOptions): Promise<FaultyService> {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-faults-'));
    // With the name of the model among its matchers no two models are the same canary.
    const signals = { ...fleetSignals(), where: { namespace: '{{namespace}}', pod: { not: '{{model}}' } } };
    const entries = Object.keys(servers).flatMap((server) =>
      Array.from({ length: modelsOfServer }, (_, index) => [
        `${server}-${index}`,
        { prometheus: { server } },
      ]),
    );
    const process = await ServiceProcess.start({
      ledger: ledger ?? { folder },
      preloaded: ['tsx', './test/support/service/movable-clock.ts'],
      config: {
        server: { verdictDeadline: `${deadlineMs / 1000}s` },
        prometheus: { servers },
        models: {
          '*': { source: 'prometheus', prometheus: signals },
          [ledgerModel]: { source: 'ledger' },
          ...Object.fromEntries(entries),
        },
      },
    });
    return new FaultyService(process, nowMs, folder);
  }

  /** Sets its clock. */
  async setClock(laterMs = 0): Promise<void> {
    const { nowMs } = (await this.process.tell({ moveClockMs: 0 })) as { readonly nowMs: number };
    await this.process.tell({ moveClockMs: this.#nowMs + laterMs - nowMs });
  }

  /** Asks for a verdict, never the same question twice; fails where it comes too late or is no answer. */
  async ask(
    model: string,
    namespace = 'shop',
    more: Readonly<Record<string, string>> = {},
  ): Promise<AnsweredVerdict> {
    const step = String(this.#step++);
    const query = new URLSearchParams({ model, namespace, canary: 'v2', stable: 'v1', step, ...more });
    const sinceMs = performance.now();
    const { status, text } = await this.process.call(`/v1/verdict?${query.toString()}`);
    const tookMs = performance.now() - sinceMs;
    this.texts.push(text);
    assert.equal(status, 200, text);
    assert.ok(tookMs < deadlineMs + latenessMs, `${tookMs} ms`);
    return { document: JSON.parse(text) as VerdictDocument, tookMs };
  }

  async stop(): Promise<void> {
    await this.process.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const modelsOfServer = 6;

/** Whether a verdict says that nothing could be judged. */
export function isUnjudged({ reasons }: VerdictDocument): boolean {
  return ['source-unavailable', 'partial-data'].includes(reasons[0]?.code ?? '');
}

/** What was judged, whatever the model is called. */
export function judgedPart(document: VerdictDocument): object {
  const others = new Set(['model', 'id', 'source']);
  return Object.fromEntries(Object.entries(document).filter(([name]) => !others.has(name)));
}
