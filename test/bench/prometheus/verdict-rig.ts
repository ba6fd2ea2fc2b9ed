import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Config } from '../../../src/config/config.js';
import { ledgerPlace, ledgerSettings, loadConfig } from '../../../src/config/index.js';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { anonymous } from '../../../src/server/access/caller.js';
import { ModelSources } from '../../../src/server/sources/model-sources.js';
import { LastVerdicts } from '../../../src/server/verdict/last-verdicts.js';
import { VerdictService } from '../../../src/server/verdict/verdict-service.js';
import { openLedger, type Ledger } from '../../../src/sources/index.js';
import { createLogger, createMetrics } from '../../../src/telemetry/index.js';
import { canaryVersion, stableVersion } from './fleets.js';

/** What one verdict took. */
export interface TimedVerdict {
  readonly document: VerdictDocument;
  readonly wallMs: number;
  readonly queries: number;
  /** Of the query that took longest, from the moment it was let through, its answer read. */
  readonly slowestMs: number;
  readonly bytes: number;
  /** The longest time in which nothing else was done. */
  readonly blockedMs: number;
}

/** A service that remembers what it fetched. */
export interface OpenVerdicts {
  ask(model: string, namespace: string, nowMs: number): Promise<TimedVerdict>;
  close(): void;
}

/** All that gives verdicts behind the routes, in this process: a config, a ledger in a file, a clock that is moved. */
export class VerdictRig {
  readonly #config: Config;
  readonly #ledger: Ledger;
  readonly #folder: string;
  #clockMs = 0;

  private constructor(config: Config, ledger: Ledger, folder: string) {
    this.#config = config;
    this.#ledger = ledger;
    this.#folder = folder;
  }

  static async open(config: Readonly<Record<string, unknown>>): Promise<VerdictRig> {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-rig-'));
    const file = join(folder, 'config.yaml');
    writeFileSync(file, stringify(config));
    const loaded = loadConfig({ file, flags: { dataDir: join(folder, 'data') } });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
    const ledger = await openLedger(ledgerPlace(loaded.value), ledgerSettings(loaded.value));
    return new VerdictRig(loaded.value, ledger, folder);
  }

  /** A service that has fetched nothing yet. */
  open(): OpenVerdicts {
    let elapsedMs: number[] = [];
    let bytes = 0;
    const sources = new ModelSources(this.#config, this.#ledger, {
      onQuery: (query) => {
        elapsedMs.push(query.elapsedMs);
        bytes += query.bytes;
      },
    });
    const service = new VerdictService({
      config: this.#config,
      sources,
      ledger: this.#ledger,
      lastVerdicts: new LastVerdicts(),
      metrics: createMetrics({ processMetrics: false }),
      logger: createLogger({ level: 'silent' }),
      now: () => this.#clockMs,
    });
    return {
      ask: async (model, namespace, nowMs) => {
        this.#clockMs = nowMs;
        elapsedMs = [];
        bytes = 0;
        const values = { model, namespace, canary: canaryVersion, stable: stableVersion };
        const question = { text: JSON.stringify(values), read: () => ({ values, errors: [] }) };
        const blocked = monitorEventLoopDelay({ resolution: 1 });
        blocked.enable();
        const sinceMs = performance.now();
        const answer = await service.answer(question, anonymous, { requestId: 'bench' });
        const wallMs = performance.now() - sinceMs;
        // What was going on when the answer came is measured at the next turn.
        await nextTurn();
        blocked.disable();
        if (answer === undefined) throw new Error('the question was refused');
        return {
          document: answer.document,
          wallMs,
          queries: elapsedMs.length,
          slowestMs: Math.max(...elapsedMs),
          bytes,
          blockedMs: blocked.max / 1e6,
        };
      },
      close: () => {
        sources.close();
      },
    };
  }

  async close(): Promise<void> {
    await this.#ledger.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
