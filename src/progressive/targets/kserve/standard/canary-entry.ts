import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { listAt, recordAt, textAt, valueAt } from '../../json-at.js';
import { isWholePercent, percentProblem } from '../../percent.js';

type Fields = Readonly<Record<string, unknown>>;

/** One entry of `spec.canary`. */
export interface CanaryEntry {
  readonly index: number;
  readonly name: string;
  /** As it stands there, which may be anything; undefined: the field is absent, which counts as zero. */
  readonly writtenPercent: unknown;
  /** Null: what is written is no share. */
  readonly percent: number | null;
  /** Why it is none; undefined: it is. */
  readonly problem: string | undefined;
  /** What it has otherwise than the stable predictor. */
  readonly overlay: Fields;
}

export type FoundEntry =
  | { readonly kind: 'found'; readonly entry: CanaryEntry; readonly others: readonly CanaryEntry[] }
  | { readonly kind: 'none'; readonly others: readonly CanaryEntry[] }
  /** There are several, and nobody said which one. */
  | { readonly kind: 'unclear'; readonly reason: string };

/** All entries, in their order. */
export function canaryEntriesOf(service: KubernetesObject): readonly CanaryEntry[] {
  return listAt(service, 'spec', 'canary').map((raw, index): CanaryEntry => {
    const writtenPercent = valueAt(raw, 'trafficPercent') ?? undefined;
    const share = writtenPercent ?? 0;
    return {
      index,
      name: textAt(raw, 'predictor', 'name') ?? '',
      writtenPercent,
      percent: isWholePercent(share) ? share : null,
      problem: percentProblem(`spec.canary[${index}].trafficPercent`, writtenPercent),
      overlay: recordAt(raw, 'predictor') ?? {},
    };
  });
}

/** The entry that is meant: the one of that name, or the only one. */
export function canaryEntryOf(service: KubernetesObject, name: string | undefined): FoundEntry {
  const entries = canaryEntriesOf(service);
  if (name === undefined && entries.length > 1) {
    const names = entries.map((entry) => entry.name).join(', ');
    return {
      kind: 'unclear',
      reason: `spec.canary has several entries (${names}): take the other out, or name the one that is meant ("canary" of the target).`,
    };
  }
  const entry = entries.find((one) => name === undefined || one.name === name);
  const others = entries.filter((one) => one !== entry);
  return entry === undefined ? { kind: 'none', others } : { kind: 'found', entry, others };
}

/** What somebody else gave traffic to; null: nothing. */
export function foreignEntry(others: readonly CanaryEntry[]): string | null {
  const served = others.find((other) => other.percent !== 0);
  if (served === undefined) return null;
  return (
    served.problem ?? `${served.name}, another entry of spec.canary, has ${served.percent} % of the traffic.`
  );
}
