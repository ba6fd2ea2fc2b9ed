import type { Draw } from '../simulation/draw.js';
import type { SentRequest } from './tally.js';

/** Traffic of one pod for some time, in seconds of the scene; negative ones lie before the canary's first minute. */
export interface Load {
  readonly from: number;
  readonly until: number;
  readonly perSecond: number;
  /** Which share of the requests fails. Absent: one in fifty. */
  readonly failing?: number;
  /** Only in these seconds of every minute, both given as [from, until). Absent: always. */
  readonly within?: readonly [number, number];
}

/** A request at its time in milliseconds of the scene. */
export interface TimedRequest {
  readonly atMs: number;
  readonly request: SentRequest;
}

/** Some lie exactly on bounds of histograms, which belong to the bucket below; some beyond the last bound. */
const latenciesMs = [3, 7, 10, 24, 35, 70, 100, 180, 290, 1200, 30_000];
const latencyWeights = [5, 10, 10, 20, 20, 15, 10, 5, 3, 1, 1];
const scores = [-0.5, 0, 0.05, 0.1, 0.3, 0.35, 0.62, 0.7, 0.9, 0.97, 1, 1.5];
const labels = ['approve', 'decline', 'review'];
/** Multiples of a quarter: sums of them are exact. */
const outcomes = [0, 0.25, 1, 12.5];

/** One request, as the load generator draws it. */
export function drawRequest(draw: Draw, failing = 0.02): SentRequest {
  const latencyMs = weighted(draw, latenciesMs, latencyWeights);
  if (draw.uniform() < failing) return { code: draw.uniform() < 0.8 ? '500' : '503', latencyMs };
  return {
    code: draw.uniform() < 0.05 ? '404' : '200',
    latencyMs,
    score: one(draw, scores),
    label: one(draw, labels),
    ...(draw.uniform() < 0.3 ? { outcome: one(draw, outcomes) } : {}),
  };
}

/** The requests of a load in the order of their times. The same draws give the same requests. */
export function requestsOf(load: Load, draw: Draw): readonly TimedRequest[] {
  const requests: TimedRequest[] = [];
  for (let second = load.from; second < load.until; second++) {
    const ofMinute = ((second % 60) + 60) % 60;
    if (load.within !== undefined && (ofMinute < load.within[0] || ofMinute >= load.within[1])) continue;
    for (let left = draw.poisson(load.perSecond); left > 0; left--) {
      const atMs = Math.round((second + draw.uniform()) * 1000);
      requests.push({ atMs, request: drawRequest(draw, load.failing) });
    }
  }
  return requests.sort((left, right) => left.atMs - right.atMs);
}

function one<T>(draw: Draw, values: readonly [T, ...T[]] | readonly T[]): T {
  const value = values[draw.between(0, values.length - 1)];
  if (value === undefined) throw new Error('nothing to choose from');
  return value;
}

function weighted<T>(draw: Draw, values: readonly T[], weights: readonly number[]): T {
  let left = draw.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    const value = values[index];
    if (left < 0 && value !== undefined) return value;
  }
  return one(draw, values);
}
