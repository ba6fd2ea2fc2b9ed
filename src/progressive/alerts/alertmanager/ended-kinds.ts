import type { AlertKind } from '../../machine/alert.js';

/** What lasts until something else happens, where the others are over once they have happened. */
const conditions: readonly AlertKind[] = [
  'paused',
  'rollback-refused',
  'rollback-overdue',
  'weight-after-rollback',
  'target-unseen',
];

export function isCondition(kind: AlertKind): boolean {
  return conditions.includes(kind);
}

const anew: readonly AlertKind[] = [
  'paused',
  'rolling-back',
  'rollback-refused',
  'rollback-overdue',
  'weight-after-rollback',
  'target-unseen',
  'failed',
];

/**
 * Which earlier alerts of the rollout are over when one of this kind comes. A rollback is not over when the canary has no
 * traffic any more, which takes seconds: it would end before anybody was called.
 */
export const endedKinds: Readonly<Record<AlertKind, readonly AlertKind[]>> = {
  started: anew,
  restarted: anew,
  'stage-reached': ['paused'],
  promoting: ['paused'],
  promoted: ['paused'],
  paused: [],
  resumed: ['paused'],
  'command-ignored': [],
  'rolling-back': ['paused'],
  'rolled-back': ['paused', 'rollback-refused', 'rollback-overdue', 'target-unseen'],
  'rollback-refused': [],
  'rollback-overdue': [],
  'weight-after-rollback': [],
  'target-unseen': [],
  'target-seen': ['target-unseen'],
  failed: ['paused', 'rollback-refused', 'rollback-overdue', 'target-unseen'],
};
