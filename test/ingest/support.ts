import assert from 'node:assert/strict';
import {
  ingestOutcomes,
  ingestPredictions,
  type IngestAnswer,
  type IngestOptions,
  type IngestResult,
} from '../../src/ingest/index.js';
import type { Observations } from '../../src/domain/observations.js';
import type { Ledger } from '../../src/sources/index.js';

export const noonMs = Date.parse('2026-01-05T12:00:00Z');

/** A body in the given pieces. */
export async function* bodyOf(
  ...pieces: readonly (string | Uint8Array)[]
): AsyncGenerator<Uint8Array | string> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

/** Objects as JSON lines. */
export function linesOf(...lines: readonly unknown[]): string {
  return lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
}

/** Sends bodies to a ledger; everything arrives at noon, unless it is told. */
export class Sender {
  readonly ledger: Ledger;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  predictions(body: string | Uint8Array, options: Partial<IngestOptions> = {}): Promise<IngestResult> {
    return ingestPredictions(bodyOf(body), { ledger: this.ledger, now: () => noonMs, ...options });
  }

  outcomes(body: string | Uint8Array, options: Partial<IngestOptions> = {}): Promise<IngestResult> {
    return ingestOutcomes(bodyOf(body), { ledger: this.ledger, now: () => noonMs, ...options });
  }

  /** The looks of v2 alone, ten minutes after noon. */
  async observe(model = 'fraud'): Promise<Observations> {
    const answer = await this.ledger.observe({
      namespace: 'default',
      model,
      canary: 'v2',
      asOfMs: noonMs + 600_000,
    });
    assert.ok(answer.kind === 'observations', JSON.stringify(answer));
    return answer.observations;
  }

  /** The requests of v2 in all looks. */
  async requests(): Promise<number> {
    const { looks } = await this.observe();
    return looks.reduce((sum, look) => sum + (look.canary?.requests ?? 0), 0);
  }
}

/** The answer of a body that was taken. */
export function answerOf(result: IngestResult): IngestAnswer {
  assert.ok(result.kind === 'answered', result.kind === 'failed' ? result.error.message : '');
  return result.answer;
}
