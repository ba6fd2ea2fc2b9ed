import { alertSeverities, type AlertKind } from '../../machine/alert.js';
import type { AlertMessage } from '../alert-message.js';
import type { AlertmanagerSettings } from '../receiver-settings.js';
import { isUrgentEnough } from '../severity.js';
import { endedKinds, isCondition } from './ended-kinds.js';

/** What becomes of the alert of one kind. */
export interface KindChange {
  readonly kind: AlertKind;
  readonly change: 'fires' | 'ends';
  /** Until when it fires, or when it ended. */
  readonly toMs: number;
}

type Wanted = Pick<AlertmanagerSettings, 'minimumSeverity' | 'eventFiresForMs' | 'conditionFiresForMs'>;

/**
 * What one alert means for an Alertmanager: itself, where it is urgent enough, firing until a time that is told with it, and
 * the end of those before it that it made obsolete, which is told however urgent it is itself. What comes late fires as
 * long: it would be over before anybody read it.
 */
export function kindChanges({ alert }: AlertMessage, wanted: Wanted, nowMs: number): readonly KindChange[] {
  const firesForMs = isCondition(alert.kind) ? wanted.conditionFiresForMs : wanted.eventFiresForMs;
  const own: KindChange = {
    kind: alert.kind,
    change: 'fires',
    toMs: Math.max(nowMs, alert.atMs) + firesForMs,
  };
  const ended = endedKinds[alert.kind].map((kind): KindChange => ({
    kind,
    change: 'ends',
    toMs: alert.atMs,
  }));
  return [own, ...ended].filter(({ kind }) => isUrgentEnough(alertSeverities[kind], wanted.minimumSeverity));
}
