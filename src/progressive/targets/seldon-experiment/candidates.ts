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

/** @param known the stable candidate as it was seen before; null or absent: it was not */
export function candidatesOf(
  experiment: KubernetesObject,
  spec: SeldonExperimentSpec,
  known: string | null = null,
): Candidates {
  const all = listAt(experiment, 'spec', 'candidates').map(candidateOf);
  const canary = all.find(({ name }) => name === spec.canary);
  const byDefault = textAt(experiment, 'spec', 'default');
  const isRepointed = spec.stable === undefined && byDefault === spec.canary;
  const stable =
    all.find(
      ({ name }) => name === (spec.stable ?? (isRepointed ? known : byDefault)) && name !== spec.canary,
    ) ?? (isRepointed ? onlyServed(all.filter((one) => one !== canary)) : undefined);
  const others = all.filter((one) => one !== stable && one !== canary);
  return {
    stable,
    canary,
    others,
    percent: shareOf(canary, stable),
    foreign:
      all.find(({ problem }) => problem !== undefined)?.problem ??
      servedBeside(others) ??
      (isRepointed && stable !== undefined && stable.weight > 0
        ? `spec.default is the canary ${spec.canary} now, while ${stable.name} still has a weight of ${stable.weight}.`
        : null),
  };
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

/** The one that has traffic, or that there is; undefined: that is not one. */
function onlyServed(candidates: readonly Candidate[]): Candidate | undefined {
  const served = candidates.filter(({ weight, problem }) => weight > 0 || problem !== undefined);
  return served.length === 1 ? served[0] : undefined;
}

/** Rounded, and never to nothing or to everything: 0 and 100 are what is meant by them. */
function shareOf(canary: Candidate | undefined, stable: Candidate | undefined): number | null {
  const weight = canary?.weight ?? 0;
  const sum = weight + (stable?.weight ?? 0);
  if (sum === 0 || canary?.problem !== undefined || stable?.problem !== undefined) return null;
  if (weight === 0 || weight === sum) return weight === 0 ? 0 : 100;
  return Math.min(99, Math.max(1, Math.round((100 * weight) / sum)));
}

function servedBeside(others: readonly Candidate[]): string | null {
  const served = others.find(({ weight }) => weight > 0);
  return served === undefined ? null : `candidate ${served.name} has a weight of ${served.weight}.`;
}
