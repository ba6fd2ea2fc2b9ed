import type { Kysely } from 'kysely';
import { maximumBeforeLooks, type BeforeLook, type Look } from '../../../domain/observations.js';
import { formatInstant } from '../../../domain/units.js';
import type { ObservationAnswer, ObservationQuery } from '../../observation-source.js';
import { judgedSpan } from '../../looks/judged-span.js';
import { minuteMs } from '../../looks/minutes.js';
import { inTurns } from '../in-turns.js';
import type { LedgerSettings } from '../ledger.js';
import { piecesOf } from '../pieces-of.js';
import type { Tables } from '../tables.js';
import { rollbackTimes } from '../verdict-history.js';
import { clockBehind } from './clock-behind.js';
import { ArmShapes } from './arm-counts.js';
import { canaryLife, type CanaryLife, type Traffic } from '../../looks/canary-life.js';
import {
  readMinutes,
  readOutcomeNames,
  readOutputs,
  readTraffic,
  type SeenBins,
  type Span,
  type StoredMinute,
  type StoredMinutes,
} from './counts-reader.js';

/** Outcomes recorded within this time before say that the model has outcomes at all. */
export const outcomeMemoryMinutes = 7 * 24 * 60;

/** How many names are looked through for the one that was meant. */
const maximumSuggestions = 1000;

/** Looks that are built between two turns of the event loop. */
const looksPerTurn = 30;

const nothing: StoredMinutes = new Map();

/** Answers a query from one consistent state of the ledger. */
export async function observe(
  db: Kysely<Tables>,
  query: ObservationQuery,
  settings: LedgerSettings,
): Promise<ObservationAnswer> {
  const model = await db
    .selectFrom('models')
    .select('id')
    .where('namespace', '=', query.namespace)
    .where('name', '=', query.model)
    .executeTakeFirst();
  if (model === undefined) return { kind: 'unknown-model', known: await knownModels(db, query.namespace) };
  const asked = query.stable === undefined ? [query.canary] : [query.canary, query.stable];
  const versions = await versionsNamed(db, model.id, asked);
  for (const version of asked) {
    if (!versions.has(version)) {
      return { kind: 'unknown-version', version, known: await newestVersions(db, model.id) };
    }
  }
  if (query.isNow === true) {
    const reason = await clockBehind(db, [...versions.values()], query.asOfMs);
    if (reason !== undefined) return { kind: 'partial', reason };
  }
  const span = judgedSpan(query, settings);
  const canaryId = versions.get(query.canary) ?? 0;
  const stableId = query.stable === undefined ? undefined : versions.get(query.stable);
  const wide = { from: span.from - maximumBeforeLooks, to: span.to };
  const canaryTraffic = await readTraffic(db, canaryId, wide);
  const stableTraffic =
    stableId === undefined ? new Map<number, number>() : await readTraffic(db, stableId, wide);
  const rollbacks = await rollbackTimes(db, query, span.from * minuteMs, span.to * minuteMs);
  const life = canaryLife(within(canaryTraffic, span), stableTraffic, {
    endMinute: span.to,
    rollbackMinutes: rollbacks.map((atMs) => Math.ceil(atMs / minuteMs)),
    restartGapMinutes: settings.restartGapMs / minuteMs,
  });

  const first = life.firstMinute ?? span.to;
  const beforeFrom = life.firstMinute === undefined ? first : stableAloneSince(first, canaryTraffic);
  const seen: SeenBins = new Map();
  const canary = await readMinutes(db, canaryId, { from: first, to: span.to }, seen);
  const stable =
    stableId === undefined
      ? nothing
      : await readMinutes(db, stableId, { from: beforeFrom, to: span.to }, seen);
  const shapes = new ArmShapes(
    await readOutputs(db, model.id),
    await readOutcomeNames(db, model.id, { from: span.to - outcomeMemoryMinutes, to: span.to }),
    seen,
    settings.denominator(query.namespace, query.model),
  );
  const routing = settings.routing(query.namespace, query.model);
  return {
    kind: 'observations',
    observations: {
      model: query.model,
      canary: { version: query.canary },
      ...(query.stable === undefined ? {} : { stable: { version: query.stable } }),
      asOfMs: span.to * minuteMs,
      restarts: life.restarts.length,
      ...(routing === 'random' ? {} : { routing }),
      before: beforeLooks(stable, beforeFrom, first, shapes),
      looks: await looks(canary, stable, first, shapes),
    },
    details: detailsOf(query, span, life, settings),
  };
}

function within(traffic: Traffic, span: Span): Traffic {
  return new Map([...traffic].filter(([minute]) => minute >= span.from));
}

/** The first of the up to 30 minutes directly before the canary's first one in which it had no traffic. */
function stableAloneSince(first: number, canary: Traffic): number {
  let from = first;
  while (from > first - maximumBeforeLooks && !canary.has(from - 1)) from--;
  return from;
}

function beforeLooks(
  stable: StoredMinutes,
  from: number,
  to: number,
  shapes: ArmShapes,
): readonly BeforeLook[] {
  const before: BeforeLook[] = [];
  for (let minute = from; minute < to; minute++) {
    const counts = stable.get(minute);
    if (counts === undefined || counts.requests === 0) continue;
    before.push({ startMs: minute * minuteMs, endMs: (minute + 1) * minuteMs, stable: shapes.arm(counts) });
  }
  return before;
}

/** In turns of the event loop: a day of minutes may have thousands of bins each. */
async function looks(
  canary: StoredMinutes,
  stable: StoredMinutes,
  first: number,
  shapes: ArmShapes,
): Promise<readonly Look[]> {
  const minutes = [...new Set([...canary.keys(), ...stable.keys()])].filter((minute) => minute >= first);
  minutes.sort((a, b) => a - b);
  const all: Look[] = [];
  for await (const some of inTurns(piecesOf(minutes, looksPerTurn))) {
    for (const minute of some) all.push(lookAt(minute, canary.get(minute), stable.get(minute), shapes));
  }
  return all;
}

function lookAt(
  minute: number,
  canary: StoredMinute | undefined,
  stable: StoredMinute | undefined,
  shapes: ArmShapes,
): Look {
  return {
    startMs: minute * minuteMs,
    endMs: (minute + 1) * minuteMs,
    ...(canary === undefined ? {} : { canary: shapes.arm(canary) }),
    ...(stable === undefined ? {} : { stable: shapes.arm(stable) }),
  };
}

/** Names to suggest one of: a bounded number, in the order of their code units on every database. */
async function knownModels(db: Kysely<Tables>, namespace: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('models')
    .select('name')
    .where('namespace', '=', namespace)
    .orderBy('name')
    .limit(maximumSuggestions)
    .execute();
  return rows.map((row) => row.name).sort();
}

/** The newest versions of a model, to suggest one of. */
async function newestVersions(db: Kysely<Tables>, modelId: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('versions')
    .select('name')
    .where('model_id', '=', modelId)
    .orderBy('id', 'desc')
    .limit(maximumSuggestions)
    .execute();
  return rows.map((row) => row.name);
}

/** Numbers of some versions of a model by name, of those that there are. */
async function versionsNamed(
  db: Kysely<Tables>,
  modelId: number,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('versions')
    .select(['id', 'name'])
    .where('model_id', '=', modelId)
    .where('name', 'in', names)
    .execute();
  return new Map(rows.map((row) => [row.name, row.id]));
}

function detailsOf(
  query: ObservationQuery,
  span: Span,
  life: CanaryLife,
  settings: LedgerSettings,
): Readonly<Record<string, unknown>> {
  return {
    source: 'ledger',
    namespace: query.namespace,
    searched: { from: formatInstant(span.from * minuteMs), to: formatInstant(span.to * minuteMs) },
    settleSeconds: settings.settleMs / 1000,
    firstTraffic: life.firstMinute === undefined ? null : formatInstant(life.firstMinute * minuteMs),
    restarts: life.restarts.map(({ minute, because }) => ({
      at: minute === undefined ? null : formatInstant(minute * minuteMs),
      because,
    })),
  };
}
