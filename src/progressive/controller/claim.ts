import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import { isRecord } from '../cluster/read-object.js';
import { isEnd } from '../machine/phase.js';
import type { parseModelRollout } from '../resource/parse-model-rollout.js';
import { readSavedState } from '../resource/saved-state.js';
import type { TargetKind } from '../targets/target-kind.js';

/** What a ModelRollout has a say in. */
export type Claim =
  | {
      readonly kind: 'place';
      /** The resource that traffic is moved on. */
      readonly place: string;
      /** As the API server dates it; empty: not said. */
      readonly createdAt: string;
      /** Its run is under way; else it has still to begin. */
      readonly hasBegun: boolean;
    }
  /** It has ended, is being deleted, or was never in order. */
  | { readonly kind: 'none' }
  /** It has begun, and what it is about cannot be read any more. */
  | { readonly kind: 'unknown' };

/** What a ModelRollout has a say in, by all that its object says. */
export function claimOf(
  { metadata, spec, status }: KubernetesObject,
  parsed: ReturnType<typeof parseModelRollout>,
  kinds: readonly TargetKind[],
): Claim {
  if (metadata.deletionTimestamp !== undefined) return { kind: 'none' };
  const saved = readSavedState(status);
  const hasBegun = saved.kind === 'unreadable' || (saved.kind === 'saved' && !isEnd(saved.state.phase));
  if (!hasBegun) {
    const hasEnded = saved.kind === 'saved' && (!parsed.ok || parsed.value.run <= saved.run);
    if (hasEnded || !parsed.ok) return { kind: 'none' };
  }
  const place = placeIn(spec, metadata.namespace ?? '', kinds);
  if (place === undefined) return { kind: 'unknown' };
  return { kind: 'place', place, createdAt: metadata.creationTimestamp ?? '', hasBegun };
}

/** Whatever else may be wrong in the spec. */
function placeIn(spec: unknown, namespace: string, kinds: readonly TargetKind[]): string | undefined {
  const target = isRecord(spec) && isRecord(spec['target']) ? spec['target'] : {};
  const kind = kinds.find(({ name }) => target[name] !== undefined);
  const read = kind?.schema.safeParse(target[kind.name]);
  if (kind === undefined || read?.success !== true) return undefined;
  const reference = kind.referenceOf(read.data, namespace);
  return `${reference.plural}.${reference.group}/${reference.namespace}/${reference.name}`;
}
