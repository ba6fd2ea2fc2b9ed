import { alertSeverities, type Alert, type AlertKind } from './alert.js';
import type { RolloutState } from './rollout-state.js';

const longestOutbox = 20;
const longestHistory = 30;
const longestText = 500;

/**
 * Writes what happened into the history and, for people, into the outbox, where it stays until it is acknowledged. An
 * outbox that nobody empties loses its least urgent, oldest entries first.
 */
export function notify(state: RolloutState, kind: AlertKind, text: string, atMs: number): RolloutState {
  const short = text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
  const alert: Alert = {
    key: `${state.attempt}/${state.alertCount + 1}/${kind}`,
    kind,
    severity: alertSeverities[kind],
    text: short,
    atMs,
    percent: state.percent,
    verdictId: state.lastVerdict?.id ?? null,
  };
  return {
    ...state,
    alertCount: state.alertCount + 1,
    outbox: bounded([...state.outbox, alert]),
    history: [...state.history, { atMs, kind, text: short }].slice(-longestHistory),
  };
}

/** The state after alerts were delivered. Keys that are not there are ignored. */
export function acknowledge(state: RolloutState, keys: readonly string[]): RolloutState {
  return { ...state, outbox: state.outbox.filter((alert) => !keys.includes(alert.key)) };
}

function bounded(outbox: readonly Alert[]): readonly Alert[] {
  if (outbox.length <= longestOutbox) return outbox;
  const severities = ['info', 'warning', 'critical'] as const;
  const least = severities.find((severity) => outbox.some((alert) => alert.severity === severity));
  const at = outbox.findIndex((alert) => alert.severity === least);
  return outbox.filter((_, index) => index !== at);
}
