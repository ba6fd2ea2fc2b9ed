import { z } from 'zod';
import { verdicts } from '../../domain/verdict.js';
import { parseWith } from '../../domain/parsing.js';
import type { Result } from '../../domain/result.js';
import { alertSeverities, type AlertKind } from './alert.js';
import { failureCauses, pauseCauses, rollbackCauses } from './phase.js';
import { guaranteeLosses, stateSchemaName, type RolloutState } from './rollout-state.js';

const text = z.string();
const instant = z.number();
const percent = z.number();
const maybePercent = percent.nullable();

const waiting = z.strictObject({
  kind: z.literal('waiting'),
  sinceMs: instant,
  takesAnyCanary: z.boolean(),
});
const shifting = z.strictObject({
  kind: z.literal('shifting'),
  fromPercent: maybePercent,
  toPercent: percent,
  sinceMs: instant,
});
const stabilising = z.strictObject({ kind: z.literal('stabilising'), sinceMs: instant });
const analysing = z.strictObject({
  kind: z.literal('analysing'),
  sinceMs: instant,
  patienceFromMs: instant,
});
const promoting = z.strictObject({ kind: z.literal('promoting'), fromPercent: percent, sinceMs: instant });
const active = z.discriminatedUnion('kind', [waiting, shifting, stabilising, analysing, promoting]);

const phase = z.discriminatedUnion('kind', [
  waiting,
  shifting,
  stabilising,
  analysing,
  promoting,
  z.strictObject({
    kind: z.literal('paused'),
    cause: z.enum(pauseCauses),
    text,
    sinceMs: instant,
    interrupted: active,
  }),
  z.strictObject({
    kind: z.literal('rolling-back'),
    cause: z.enum(rollbackCauses),
    text,
    sinceMs: instant,
    refusal: text.nullable(),
    beforePercent: maybePercent.optional(),
    isOverdue: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('rolled-back'),
    cause: z.enum(rollbackCauses),
    text,
    atMs: instant,
    raisedToPercent: maybePercent,
  }),
  z.strictObject({ kind: z.literal('promoted'), atMs: instant }),
  z.strictObject({ kind: z.literal('failed'), cause: z.enum(failureCauses), text, atMs: instant }),
]);

const alertKind = z.enum(Object.keys(alertSeverities) as [AlertKind, ...AlertKind[]]);

const schema = z.strictObject({
  schema: z.literal(stateSchemaName),
  attempt: z.number(),
  phase,
  uid: text.nullable(),
  fingerprint: text.nullable(),
  stableFingerprint: text.nullable(),
  canary: text.nullable(),
  stable: text.nullable(),
  percent,
  startedAtMs: instant.nullable(),
  weights: z.array(z.strictObject({ percent, fromMs: instant })),
  unreadySinceMs: instant.nullable(),
  unseen: z.strictObject({ sinceMs: instant, reason: text, isTold: z.boolean() }).nullable().default(null),
  lastVerdict: z
    .strictObject({
      key: text,
      attempt: z.number(),
      canary: text,
      stable: text,
      toMs: instant,
      id: text,
      verdict: z.enum(verdicts),
      sentence: text,
      isBlind: z.boolean(),
      guarantee: z.enum(['stated', 'none']),
      subject: text.optional(),
    })
    .nullable(),
  unanswered: text.nullable().default(null),
  refusal: z
    .strictObject({ action: z.enum(['set-weight', 'promote', 'roll-back']), reason: text })
    .nullable(),
  guaranteeLosses: z.array(z.enum(guaranteeLosses)),
  handledCommands: z.array(text),
  outbox: z.array(
    z.strictObject({
      key: text,
      kind: alertKind,
      severity: z.enum(['info', 'warning', 'critical']),
      text,
      atMs: instant,
      percent,
      verdictId: text.nullable(),
    }),
  ),
  alertCount: z.number(),
  history: z.array(z.strictObject({ atMs: instant, kind: alertKind, text })),
});

/** Reads a state that was saved; fails with the path of what is not as this version writes it. */
export function parseRolloutState(raw: unknown, at = ''): Result<RolloutState> {
  return parseWith(schema, raw, { at });
}
