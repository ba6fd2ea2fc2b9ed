import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** What one verdict took. */
export interface TimedVerdict {
  readonly document: VerdictDocument;
  readonly wallMs: number;
  /** How long each of its queries took, as the client tells it. */
  readonly queriesMs: readonly number[];
  readonly bytes: number;
}

/** What serves verdicts behind the routes, in this process: with a config, a ledger in a file, and a clock that is moved. */
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
    writeFileSync(file, stringify({ ...config, access: { anonymous: 'allow' } }));
    const loaded = loadConfig({ file, flags: { dataDir: join(folder, 'data') } });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
    const ledger = await openLedger(ledgerPlace(loaded.value), ledgerSettings(loaded.value));
    return new VerdictRig(loaded.value, ledger, folder);
  }

  /** A service that has asked nothing yet. */
  open(): OpenVerdicts {
    let queriesMs: number[] = [];
    let bytes = 0;
    const sources = new ModelSources(this.#config, this.#ledger, {
      onQuery: (query) => {
        queriesMs.push(query.elapsedMs);
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
      ask: async (namespace, nowMs) => {
        this.#clockMs = nowMs;
        queriesMs = [];
        bytes = 0;
        const values = { model: 'fraud', namespace, canary: 'v2', stable: 'v1' };
        const sinceMs = performance.now();
        const answer = await service.answer(
          { text: JSON.stringify(values), read: () => ({ values, errors: [] }) },
          anonymous,
          { requestId: 'bench' },
        );
        const wallMs = performance.now() - sinceMs;
        if (answer === undefined) throw new Error('the question was refused');
        return { document: answer.document, wallMs, queriesMs, bytes };
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

export interface OpenVerdicts {
  ask(namespace: string, nowMs: number): Promise<TimedVerdict>;
  close(): void;
}
