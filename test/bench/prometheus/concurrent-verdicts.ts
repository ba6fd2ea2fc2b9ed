import { Agent } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '../../../src/judge/index.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { canaryVersion, stableVersion } from './fleets.js';

/** What verdicts that were asked for at the same time have cost. */
export interface ConcurrentVerdicts {
  readonly asked: number;
  /** How many queries they were together, and how many one verdict alone is. */
  readonly queries: number;
  readonly alone: number;
  readonly slowestMs: number;
}

/**
 * Asks the real service over HTTP for many verdicts on one canary at the same time, combined and by guardrail, each of them
 * another question; and for one on another model that is read the same way, to compare with.
 */
export async function concurrentVerdicts(
  config: Readonly<Record<string, unknown>>,
  namespace: string,
  models: readonly [model: string, other: string],
  asked: number,
): Promise<ConcurrentVerdicts> {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-concurrent-'));
  const service = await ServiceProcess.start({ ledger: { folder }, config });
  const agent = new Agent({ keepAlive: true, maxSockets: asked });
  try {
    const ask = async (model: string, step: number): Promise<number> => {
      const guardrail = ['', ...defaultPolicy().guardrails.map(({ name }) => name)][step % 5] ?? '';
      const subject = { model, namespace, canary: canaryVersion, stable: stableVersion };
      const query = new URLSearchParams({ ...subject, guardrail, step: String(step) });
      const sinceMs = performance.now();
      const { status, text } = await service.call(`/v1/verdict?${query.toString()}`, { agent });
      if (status !== 200 || text.includes('"source-unavailable"')) throw new Error(`${status} ${text}`);
      return performance.now() - sinceMs;
    };
    const [model, other] = models;
    await ask(other, 0);
    const alone = await answeredQueries(service);
    const times = await Promise.all(Array.from({ length: asked }, (_, step) => ask(model, step)));
    const queries = (await answeredQueries(service)) - alone;
    return { asked, queries, alone, slowestMs: Math.max(...times) };
  } finally {
    agent.destroy();
    await service.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answeredQueries(service: ServiceProcess): Promise<number> {
  const { text } = await service.call('/metrics');
  const line = /^ml_verdict_upstream_queries_total\{[^}]*result="answered"[^}]*\} (\d+)/m.exec(text);
  return Number(line?.[1] ?? 0);
}
