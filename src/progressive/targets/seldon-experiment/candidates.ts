import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { listAt, textAt, valueAt } from '../json-at.js';
import type { SeldonExperimentSpec } from './seldon-experiment-spec.js';

export interface Candidate {
  readonly index: number;
  readonly name: string;
  /** As it stands there, which may be anything; undefined: it is not said, which counts as zero. */
  readonly writtenWeight: unknown;
  /** In proportion to the others; zero where what is written is no weight: then there is a problem. */
  readonly weight: number;
  /** Why what is written is no weight; undefined: it is. */
  readonly problem: string | undefined;
}

/** The candidates by the part they play. The mirror is none of them and is left alone. */
export interface Candidates {
  readonly stable: Candidate | undefined;
  readonly canary: Candidate | undefined;
  readonly others: readonly Candidate[];
  /** The canary's share of the two, a whole percentage; null: neither has any, or a weight is none. */
  readonly percent: number | null;
  /** What somebody else did with the weights or the default, while the canary has not everything; null: nothing. */
  readonly foreign: string | null;
}

/** @param known the stable candidate as it was seen before, whatever the default is now; null or absent: it was not */
export function candidatesOf(
  experiment: KubernetesObject,
  spec: SeldonExperimentSpec,
  known: string | null = null,
): Candidates {
  const all = listAt(experiment, 'spec', 'candidates').map(candidateOf);
  const canary = all.find(({ name }) => name === spec.canary);
  const beside = all.filter((one) => one !== canary);
  const byDefault = textAt(experiment, 'spec', 'default');
  const stable =
    spec.stable === undefined
      ? (beside.find(({ name }) => name === known) ?? unnamedStable(canary, beside, byDefault))
      : beside.find(({ name }) => name === spec.stable);
  const others = beside.filter((one) => one !== stable);
  return {
    stable,
    canary,
    others,
    percent: shareOf(canary, stable, others),
    foreign:
      all.find(({ problem }) => problem !== undefined)?.problem ??
      servedBeside(others) ??
      (spec.stable === undefined ? otherDefault(stable, byDefault) : null),
  };
}

/** The default, unless that has nothing, or is none of them, while one other beside the canary has the traffic. */
function unnamedStable(
  canary: Candidate | undefined,
  beside: readonly Candidate[],
  byDefault: string | undefined,
): Candidate | undefined {
  const written = beside.find(({ name }) => name === byDefault);
  const isElsewhere = canary !== undefined && (written === undefined || !isServed(written));
  return isElsewhere ? (onlyServed(beside) ?? written) : written;
}

/** The default says whose endpoint is split: where it is moved away from who has the traffic, the shares are of another one. */
function otherDefault(stable: Candidate | undefined, byDefault: string | undefined): string | null {
  if (stable === undefined || stable.name === byDefault || stable.weight === 0) return null;
  return `spec.default is ${byDefault ?? 'not set'}, while ${stable.name} has a weight of ${stable.weight}: what is split is another endpoint.`;
}

function candidateOf(raw: unknown, index: number): Candidate {
  const name = textAt(raw, 'name') ?? '';
  const writtenWeight = valueAt(raw, 'weight') ?? undefined;
  const weight = writtenWeight ?? 0;
  const isWeight = typeof weight === 'number' && Number.isFinite(weight) && weight >= 0;
  return {
    index,
    name,
    writtenWeight,
    weight: isWeight ? weight : 0,
    problem: isWeight
      ? undefined
      : `the weight of candidate ${name} is ${JSON.stringify(weight)}, which is none.`,
  };
}

/** The one that has traffic; undefined: that is not one. */
function onlyServed(candidates: readonly Candidate[]): Candidate | undefined {
  const served = candidates.filter(isServed);
  return served.length === 1 ? served[0] : undefined;
}

/** What is no weight may be one for the scheduler. */
function isServed({ weight, problem }: Candidate): boolean {
  return weight > 0 || problem !== undefined;
}

/** Rounded, and never to nothing or to everything: 0 and 100 are what is meant by them. */
function shareOf(
  canary: Candidate | undefined,
  stable: Candidate | undefined,
  others: readonly Candidate[],
): number | null {
  if (canary?.problem !== undefined || stable?.problem !== undefined) return null;
  const weight = canary?.weight ?? 0;
  const sum = weight + (stable?.weight ?? 0);
  // Whoever else has it, the canary has nothing.
  if (sum === 0) return others.some((one) => one.weight > 0) ? 0 : null;
  if (weight === 0 || weight === sum) return weight === 0 ? 0 : 100;
  return Math.min(99, Math.max(1, Math.round((100 * weight) / sum)));
}

function servedBeside(others: readonly Candidate[]): string | null {
  const served = others.find(({ weight }) => weight > 0);
  return served === undefined ? null : `candidate ${served.name} has a weight of ${served.weight}.`;
}
