import type { AlertMessage } from '../alerts/alert-message.js';
import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import { isRecord } from '../cluster/read-object.js';
import { alertSeverities } from '../machine/alert.js';
import { isEnd } from '../machine/phase.js';
import type { RolloutState } from '../machine/rollout-state.js';
import { alertMessageOf } from '../resource/alert-message-of.js';
import type { ModelRollout } from '../resource/model-rollout.js';
import { knownShare, shareText, type KnownShare } from '../resource/share-text.js';
import { targetText } from '../resource/target-text.js';

/** A rollout and how it stood when it was last seen. */
export interface LastKnown {
  readonly rollout: ModelRollout;
  readonly state: RolloutState;
}

/** Why nobody drives it any more, in the midst of its run. */
export interface Left {
  /** The same key of the same rollout is told once. */
  readonly key: string;
  /** One sentence. */
  readonly why: string;
  readonly atMs: number;
}

/** What people are told when a rollout is left before its end: at which share. */
export function leftMessage(
  { rollout, state }: LastKnown,
  left: Left,
  link: string | undefined,
): AlertMessage {
  const { percent, canary, lastVerdict } = state;
  const verdictId = lastVerdict?.id ?? null;
  const share = knownShare(state);
  const alert = leftAlert(left, targetText(rollout), { percent, share, canary, verdictId });
  return alertMessageOf(rollout, state, alert, link);
}

/** The same where no more is known than what the object itself says; undefined: it had not begun, or has ended. */
export function leftMessageOf(
  { metadata, spec, status }: KubernetesObject,
  rollout: ModelRollout | undefined,
  left: Left,
): AlertMessage | undefined {
  if (!isRecord(status) || typeof status['phase'] !== 'string' || endPhases.has(status['phase'])) {
    return undefined;
  }
  const { name, namespace = '', uid } = metadata;
  const percent = numberIn(status, 'percent') ?? 0;
  const share = { percent, targetPercent: numberIn(status, 'targetPercent') };
  const canary = textIn(status, 'canary') ?? null;
  const target = rollout === undefined ? 'its target' : targetText(rollout);
  return {
    alert: leftAlert(left, target, { percent, share, canary, verdictId: null }),
    rollout: name,
    namespace,
    model: rollout?.model.model ?? (isRecord(spec) ? textIn(spec, 'model') : undefined) ?? name,
    canary,
    stable: textIn(status, 'stable') ?? null,
    target,
    uid,
    link: rollout?.link ?? null,
  };
}

/** Whether a run is under way, which people have to know of when it is left. */
export function isUnderWay({ state }: LastKnown): boolean {
  return !isEnd(state.phase);
}

function leftAlert(
  { key, why, atMs }: Left,
  target: string,
  {
    percent,
    share,
    canary,
    verdictId,
  }: Pick<AlertMessage['alert'], 'percent' | 'verdictId'> & {
    readonly share: KnownShare;
    readonly canary: string | null;
  },
): AlertMessage['alert'] {
  const version = canary ?? 'the canary';
  const text = `${why} ${target} was left as it is, ${version} with ${shareText(share)}.`;
  return { key, kind: 'failed', severity: alertSeverities.failed, text, atMs, percent, verdictId };
}

const endPhases: ReadonlySet<string> = new Set(['promoted', 'rolled-back', 'failed']);

function textIn(record: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const text = record[field];
  return typeof text === 'string' ? text : undefined;
}

function numberIn(record: Readonly<Record<string, unknown>>, field: string): number | undefined {
  const number = record[field];
  return typeof number === 'number' ? number : undefined;
}
