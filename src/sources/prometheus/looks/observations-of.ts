import {
  maximumBeforeLooks,
  type ArmCounts,
  type BeforeLook,
  type Look,
} from '../../../domain/observations.js';
import { formatInstant } from '../../../domain/units.js';
import { canaryLife, type CanaryLife, type Traffic } from '../../looks/canary-life.js';
import { minuteMs } from '../../looks/minutes.js';
import type { ObservationAnswer, ObservationQuery } from '../../observation-source.js';
import type { CountedLook } from '../counting/counted-look.js';
import type { ArmName, SeriesIdentity } from '../counting/sampled-series.js';
import type { KeptLooks } from '../fetch/kept-looks.js';
import type { ModelReading } from '../fetch/model-reading.js';
import { ArmReader } from './arm-reader.js';
import { errorsUnmeasured } from './error-signal.js';
import type { JudgedTime } from './judged-time.js';
import { detailsOf } from './source-details.js';

/** Makes observations of the looks that were counted. */
export function observationsOf(
  query: ObservationQuery,
  reading: ModelReading,
  kept: KeptLooks,
  time: JudgedTime,
): ObservationAnswer {
  const { span, rules } = time;
  const { queries } = reading;
  const counted = kept.looks.filter(({ minute }) => minute < span.to);
  const series = [...kept.tracks.identities(kept.span.from * minuteMs)];
  const arms: readonly ArmName[] = query.stable === undefined ? ['canary'] : ['canary', 'stable'];
  if (query.stable !== undefined && !series.some(({ arm }) => arm === 'stable')) {
    const known = [...new Set(series.map(({ labels }) => labels[queries.version.label] ?? ''))].sort();
    return { kind: 'unknown-version', version: query.stable, known };
  }
  const life = lifeOf(counted, kept, time);
  const first = life.firstMinute ?? span.to;
  const reader = new ArmReader(
    queries.signals,
    counted,
    series,
    rules.denominator(query.namespace, query.model),
  );
  const wrong =
    errorsBeyondRequests(counted) ?? scrapedTwice(kept.tracks.identities((kept.span.to - 3) * minuteMs));
  if (wrong !== undefined) return { kind: 'partial', reason: wrong };
  const noErrors = errorsUnmeasured(queries.signals.errors, series, arms);
  const armOf = (look: CountedLook, arm: ArmName): ArmCounts | undefined => {
    if (!look.arms[arm].has('requests')) return undefined;
    const quantiles = kept.quantiles.of(look.minute, arm);
    return {
      ...reader.arm(look.arms[arm]),
      ...(noErrors === undefined ? {} : { errors: 0, errorsUnmeasured: true }),
      ...(quantiles === undefined || quantiles.size === 0 ? {} : { quantiles }),
    };
  };
  const looks = counted.flatMap((look) => (look.minute >= first ? lookOf(look, armOf) : []));
  const before = beforeOf(counted, first, armOf);
  const byArrival = Object.entries(queries.signals.outcomes)
    .filter(([, { immediate }]) => !immediate)
    .map(([name]) => name);
  const routing = rules.routing(query.namespace, query.model);
  return {
    kind: 'observations',
    observations: {
      model: query.model,
      canary: { version: query.canary },
      ...(query.stable === undefined ? {} : { stable: { version: query.stable } }),
      asOfMs: span.to * minuteMs,
      restarts: life.restarts.length,
      ...(routing === 'random' ? {} : { routing }),
      ...(byArrival.length === 0 ? {} : { outcomesByArrival: byArrival }),
      before,
      looks,
    },
    isTold: true,
    details: detailsOf(query, reading, kept, {
      ...time,
      life,
      problems: withErrors(reader.problems, noErrors),
    }),
  };
}

function withErrors(
  problems: ReadonlyMap<string, string>,
  noErrors: string | undefined,
): ReadonlyMap<string, string> {
  return noErrors === undefined ? problems : new Map([...problems, ['errors', `not measured: ${noErrors}`]]);
}

function lifeOf(
  counted: readonly CountedLook[],
  kept: KeptLooks,
  { span, rollbacks, rules }: JudgedTime,
): CanaryLife {
  const within = counted.filter(({ minute }) => minute >= span.from);
  const endMinute = Math.min(span.to, kept.span.to);
  return canaryLife(trafficSeen(within, endMinute, kept), trafficOf(counted, 'stable'), {
    endMinute,
    rollbackMinutes: rollbacks.map((atMs) => Math.ceil(atMs / minuteMs)),
    restartGapMinutes: rules.restartGapMs / minuteMs,
  });
}

/**
 * The canary's traffic, with minutes of which nobody can say that there was none: it was not scraped, and went on
 * meanwhile. A rollback is followed by a new life only after a minute that was seen to be without traffic.
 */
function trafficSeen(looks: readonly CountedLook[], endMinute: number, { newest }: KeptLooks): Traffic {
  const traffic = new Map(trafficOf(looks, 'canary'));
  /** The last minute in which it was seen, as long as that was one with traffic. */
  let last: number | undefined;
  const fill = (from: number, to: number): void => {
    for (let minute = from; minute < to; minute++) traffic.set(minute, traffic.get(minute) ?? 0);
  };
  for (const { minute, arms } of looks) {
    const { canary, stable } = arms;
    if (!canary.has('requests')) {
      // Neither version was scraped.
      if (last !== undefined && !stable.has('requests')) fill(minute, minute + 1);
      continue;
    }
    if (last !== undefined && canary.wentOnSinceMs < minute * minuteMs) fill(last + 1, minute);
    last = traffic.has(minute) ? minute : undefined;
  }
  // It is there after the end, and was only not scraped in the last minutes.
  if (last !== undefined && (newest.canary ?? 0) >= endMinute * minuteMs) fill(last + 1, endMinute);
  return traffic;
}

/** Requests by minute; minutes without any are not there. */
function trafficOf(looks: readonly CountedLook[], arm: ArmName): Traffic {
  const traffic = new Map<number, number>();
  for (const { minute, arms } of looks) {
    const requests = arms[arm].total('requests');
    if (requests > 0) traffic.set(minute, requests);
  }
  return traffic;
}

type ReadArm = (look: CountedLook, arm: ArmName) => ArmCounts | undefined;

function lookOf(look: CountedLook, armOf: ReadArm): readonly Look[] {
  const canary = armOf(look, 'canary');
  const stable = armOf(look, 'stable');
  if (canary === undefined && stable === undefined) return [];
  return [
    {
      startMs: look.minute * minuteMs,
      endMs: (look.minute + 1) * minuteMs,
      ...(canary === undefined ? {} : { canary }),
      ...(stable === undefined ? {} : { stable }),
    },
  ];
}

/** The stable version alone, in the up to 30 minutes directly before the canary's first one. */
function beforeOf(counted: readonly CountedLook[], first: number, armOf: ReadArm): readonly BeforeLook[] {
  const canary = trafficOf(counted, 'canary');
  let from = first;
  while (from > first - maximumBeforeLooks && !canary.has(from - 1)) from--;
  return counted.flatMap((look) => {
    if (look.minute < from || look.minute >= first) return [];
    const stable = armOf(look, 'stable');
    if (stable === undefined || stable.requests === 0) return [];
    return [{ startMs: look.minute * minuteMs, endMs: (look.minute + 1) * minuteMs, stable }];
  });
}

/** A target that two jobs scrape counts every request twice, and evidence grows as if there were twice as many. */
function scrapedTwice(series: Iterable<SeriesIdentity>): string | undefined {
  const jobs = new Map<string, string>();
  for (const { channel, arm, labels } of series) {
    const { job, instance, ...others } = labels;
    if (channel !== 'requests' || job === undefined || instance === undefined) continue;
    const key = JSON.stringify([arm, instance, Object.entries(others).sort()]);
    const known = jobs.get(key);
    if (known !== undefined && known !== job) {
      return `the target ${instance} is scraped by two jobs (${known}, ${job}), so that every request counts twice: choose one with where: { job: ... }`;
    }
    jobs.set(key, job);
  }
  return undefined;
}

/** More errors than requests over all looks: the two signals do not count the same requests. */
function errorsBeyondRequests(counted: readonly CountedLook[]): string | undefined {
  for (const arm of ['canary', 'stable'] as const) {
    let requests = 0;
    let errors = 0;
    for (const { arms } of counted) {
      requests += arms[arm].total('requests') - arms[arm].total('requests-less');
      errors += arms[arm].total('errors') - arms[arm].total('errors-less');
    }
    if (errors > requests * 1.01 + 5) {
      return `the errors of the ${arm} version (${errors}) are more than its requests (${requests}): the two signals do not count the same requests; first minute ${formatInstant((counted[0]?.minute ?? 0) * minuteMs)}`;
    }
  }
  return undefined;
}
