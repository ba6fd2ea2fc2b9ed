import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { listAt, numberAt, textAt } from '../json-at.js';
import type { SeldonExperimentSpec } from './seldon-experiment-spec.js';

export interface Candidate {
  readonly index: number;
  readonly name: string;
  /** In proportion to the others; undefined: it is not said, which counts as zero. */
  readonly writtenWeight: number | undefined;
  readonly weight: number;
}

/** The candidates by the part they play. The mirror is none of them and is left alone. */
export interface Candidates {
  readonly stable: Candidate | undefined;
  readonly canary: Candidate | undefined;
  readonly others: readonly Candidate[];
  /** The canary's share of the two, a whole percentage; null: neither has any. */
  readonly percent: number | null;
}

export function candidatesOf(experiment: KubernetesObject, spec: SeldonExperimentSpec): Candidates {
  const all = listAt(experiment, 'spec', 'candidates').map((raw, index): Candidate => {
    const writtenWeight = numberAt(raw, 'weight');
    return {
      index,
      name: textAt(raw, 'name') ?? '',
      writtenWeight,
      weight: Math.max(0, writtenWeight ?? 0),
    };
  });
  const stableName = spec.stable ?? textAt(experiment, 'spec', 'default');
  const canary = all.find(({ name }) => name === spec.canary);
  const stable = all.find(({ name }) => name === stableName && name !== spec.canary);
  const sum = (stable?.weight ?? 0) + (canary?.weight ?? 0);
  return {
    stable,
    canary,
    others: all.filter((one) => one !== stable && one !== canary),
    percent: sum === 0 ? null : Math.round((100 * (canary?.weight ?? 0)) / sum),
  };
}

/** A third candidate with weight; null: there is none. */
export function foreignCandidate({ others }: Candidates): string | null {
  const served = others.find(({ weight }) => weight > 0);
  return served === undefined ? null : `candidate ${served.name} has a weight of ${served.weight}.`;
}
