import assert from 'node:assert/strict';
import type { Look, Observations } from '../../../../src/domain/observations.js';
import type { VerdictDocument } from '../../../../src/domain/verdict.js';
import {
  CountBatch,
  type Ledger,
  type LedgerSettings,
  type OutcomeEvent,
  type PredictionValue,
} from '../../../../src/sources/index.js';
import type { ObservationQuery } from '../../../../src/sources/observation-source.js';

/** Opens a ledger for one test. */
export type OpenLedger = (settings?: Partial<LedgerSettings>) => Promise<Ledger>;

export const minute = 60_000;
export const day = 24 * 60 * minute;

/** The instant to which the minutes of a scene refer: noon of an ordinary day. */
export const noonMs = Date.parse('2026-01-05T12:00:00Z');

/** The start of a minute counted from noon. */
export function at(minutes: number): number {
  return noonMs + minutes * minute;
}

interface Served {
  readonly version: string;
  readonly minute: number;
  readonly count?: number;
  readonly failed?: number;
  readonly latencyMs?: number;
  readonly prediction?: PredictionValue;
  readonly outputs?: Readonly<Record<string, PredictionValue>>;
  readonly id?: string;
  readonly model?: string;
  readonly namespace?: string;
}

/** A ledger with short ways to fill it and to ask it. The arrival of everything is noon, unless it is told. */
export class Scene {
  readonly ledger: Ledger;
  #stable: { readonly stable?: string } = {};

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  async serve(served: readonly Served[], nowMs = noonMs): Promise<void> {
    if (served.some(({ version }) => version === 'v1')) this.#stable = { stable: 'v1' };
    const batch = new CountBatch();
    for (const { version, count = 1, failed = 0, ...rest } of served) {
      for (let request = 0; request < count; request++) {
        batch.addRequest({
          namespace: rest.namespace ?? 'default',
          model: rest.model ?? 'fraud',
          version,
          atMs: at(rest.minute) + (request % 60) * 1000,
          failed: request < failed,
          ...(rest.id === undefined ? {} : { id: rest.id }),
          ...(rest.latencyMs === undefined ? {} : { latencyMs: rest.latencyMs }),
          predictions: new Map(
            Object.entries(
              rest.outputs ?? (rest.prediction === undefined ? {} : { default: rest.prediction }),
            ),
          ),
        });
      }
    }
    const answer = await this.ledger.record(batch, { nowMs });
    assert.equal(answer.kind, 'recorded');
  }

  /** Records outcomes; answers how many found no prediction. */
  async outcomes(
    events: readonly (Partial<OutcomeEvent> & { minute: number; value: number })[],
    nowMs = noonMs,
  ) {
    const batch = new CountBatch();
    for (const { minute: offset, ...event } of events) {
      batch.addOutcome({ namespace: 'default', model: 'fraud', name: 'default', atMs: at(offset), ...event });
    }
    const answer = await this.ledger.record(batch, { nowMs });
    assert.ok(answer.kind === 'recorded');
    return answer.unmatched;
  }

  /** The observations of v2, against v1 if that was served, at a minute (30 s into it), or the query's own. */
  async observe(endMinute: number, query: Partial<ObservationQuery> = {}): Promise<Observations> {
    const answer = await this.ledger.observe({
      namespace: 'default',
      model: 'fraud',
      canary: 'v2',
      ...this.#stable,
      asOfMs: at(endMinute) + 30_000,
      ...query,
    });
    assert.ok(answer.kind === 'observations', JSON.stringify(answer));
    return answer.observations;
  }

  /** Keeps a verdict on v2 in the history. */
  async verdict(verdict: Partial<VerdictDocument>, recordedMs = noonMs, step?: string): Promise<void> {
    await this.ledger.history.append({
      namespace: 'default',
      recordedMs,
      ...(step === undefined ? {} : { step }),
      document: { ...holdDocument, ...verdict },
    });
  }
}

/** The minutes of looks, counted from noon. */
export function minutesOf(looks: readonly Pick<Look, 'startMs'>[]): readonly number[] {
  return looks.map((look) => (look.startMs - noonMs) / minute);
}

export const holdDocument: VerdictDocument = {
  id: 'a1',
  verdict: 'hold',
  code: 0,
  literalVerdict: 'hold',
  measurement: [null, 'hold', 'nothing yet'],
  model: 'fraud',
  canary: 'v2',
  stable: 'v1',
  policy: 'default',
  policyHash: 'p',
  mode: 'evidence',
  asOf: null,
  looks: 0,
  stage: 1,
  restarts: 0,
  reasons: [],
  guardrails: [],
  decidedWithout: [],
  sampleRatio: null,
  guarantee: 'none',
};
