import { maximumBeforeLooks, type ArmCounts } from '../../../src/domain/observations.js';
import { boundsMsOf, defaultExposure } from '../../support/prometheus/exposure.js';
import { expectedArm } from '../../support/prometheus/expected-arm.js';
import { countsByMinute, type MinuteTallies, type ObservedLife } from '../../support/prometheus/oracle.js';
import { Tally } from '../../support/prometheus/tally.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import {
  canaryVersion,
  classLabels,
  clusterOf,
  scoreEdges,
  stableVersion,
  type Scene,
} from './scenes/scene.js';

/** Exact counts of one minute; without traffic they are zeros. */
export interface ExpectedLook {
  readonly startMs: number;
  /** What was served; in bins that the answer may choose, it has to be counted anew. */
  readonly tallies: { readonly canary: Tally; readonly stable: Tally };
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
}

/** What a source has to answer of a scene. */
export interface ExpectedLooks {
  readonly looks: readonly ExpectedLook[];
  /** The stable version alone, before the first look. */
  readonly before: readonly ExpectedLook[];
  /** In the minute before this instant the pods began to be scraped: how much of it counts is not asked. */
  readonly wholeFromMs: number;
}

/** The counts of every minute of a scene, by what its processes really served. */
export function expectedLooks(scene: Scene, lives: readonly ObservedLife[], zeroMs: number): ExpectedLooks {
  const counts = countsByMinute(lives);
  const canary = counts.get(canaryVersion) ?? new Map<number, Tally>();
  const stable = counts.get(stableVersion) ?? new Map<number, Tally>();
  const endMs = zeroMs + scene.minutes * minuteMs;
  const firstMs =
    scene.firstMinute === undefined ? firstTraffic(canary, endMs) : zeroMs + scene.firstMinute * minuteMs;
  let beforeMs = firstMs;
  while (
    beforeMs > firstMs - maximumBeforeLooks * minuteMs &&
    requestsOf(canary, beforeMs - minuteMs) === 0
  ) {
    beforeMs -= minuteMs;
  }
  const look = (startMs: number): ExpectedLook => {
    const tallies = {
      canary: canary.get(startMs) ?? new Tally(),
      stable: stable.get(startMs) ?? new Tally(),
    };
    const shape = shapeOf(scene);
    return {
      startMs,
      tallies,
      canary: expectedArm(tallies.canary, shape),
      stable: expectedArm(tallies.stable, shape),
    };
  };
  const wholeFromMs = zeroMs + (Math.floor(clusterOf(scene).from / 60) + 1) * minuteMs;
  return {
    looks: starts(firstMs, endMs).map(look),
    before: starts(Math.max(beforeMs, wholeFromMs), firstMs).map(look),
    wholeFromMs,
  };
}

function shapeOf(scene: Scene) {
  const bounds = scene.latencyBoundsMs ?? boundsMsOf(scene.pods[0]?.exposure ?? defaultExposure);
  return {
    ...(typeof bounds === 'object' ? { latencyBoundsMs: bounds } : {}),
    scoreEdges,
    labels: classLabels,
  };
}

function firstTraffic(canary: MinuteTallies, endMs: number): number {
  return [...canary.keys()]
    .filter((minute) => requestsOf(canary, minute) > 0)
    .reduce((first, minute) => Math.min(first, minute), endMs);
}

function requestsOf(minutes: MinuteTallies, startMs: number): number {
  return minutes.get(startMs)?.requests ?? 0;
}

function starts(fromMs: number, endMs: number): readonly number[] {
  return Array.from(
    { length: Math.max(0, (endMs - fromMs) / minuteMs) },
    (_, index) => fromMs + index * minuteMs,
  );
}
