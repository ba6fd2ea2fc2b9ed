import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { listAt, numberAt, recordAt, textAt } from '../../json-at.js';
import { wholePercent } from '../../percent.js';

type Fields = Readonly<Record<string, unknown>>;

/** One entry of `spec.canary`. */
export interface CanaryEntry {
  readonly index: number;
  readonly name: string;
  readonly writtenPercent: number;
  readonly percent: number;
  /** What it has otherwise than the stable predictor. */
  readonly overlay: Fields;
}

export type FoundEntry =
  | { readonly kind: 'found'; readonly entry: CanaryEntry; readonly others: readonly CanaryEntry[] }
  | { readonly kind: 'none'; readonly others: readonly CanaryEntry[] }
  /** There are several, and nobody said which one. */
  | { readonly kind: 'unclear'; readonly reason: string };

/** The entry that is meant: the one of that name, or the only one. */
export function canaryEntryOf(service: KubernetesObject, name: string | undefined): FoundEntry {
  const entries = listAt(service, 'spec', 'canary').map((raw, index): CanaryEntry => {
    const writtenPercent = numberAt(raw, 'trafficPercent') ?? 0;
    return {
      index,
      name: textAt(raw, 'predictor', 'name') ?? '',
      writtenPercent,
      percent: wholePercent(writtenPercent),
      overlay: recordAt(raw, 'predictor') ?? {},
    };
  });
  if (name === undefined && entries.length > 1) {
    const names = entries.map((entry) => entry.name).join(', ');
    return {
      kind: 'unclear',
      reason: `spec.canary has several entries (${names}): name the one that is meant.`,
    };
  }
  const entry = entries.find((one) => name === undefined || one.name === name);
  const others = entries.filter((one) => one !== entry);
  return entry === undefined ? { kind: 'none', others } : { kind: 'found', entry, others };
}

/** What somebody else gave traffic to; null: nothing. */
export function foreignEntry(others: readonly CanaryEntry[]): string | null {
  const served = others.find((other) => other.percent > 0);
  return served === undefined
    ? null
    : `${served.name}, another entry of spec.canary, has ${served.percent} % of the traffic.`;
}
