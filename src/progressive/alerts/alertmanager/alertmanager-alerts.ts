import { formatInstant } from '../../../domain/units.js';
import { alertSeverities, type AlertKind } from '../../machine/alert.js';
import type { AlertMessage } from '../alert-message.js';
import type { AlertmanagerSettings } from '../receiver-settings.js';
import { isUrgentEnough } from '../severity.js';
import { alertText } from '../texts/alert-text.js';
import { endedKinds, isCondition } from './ended-kinds.js';

/** An alert as `POST /api/v2/alerts` takes it. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

type Wanted = Pick<
  AlertmanagerSettings,
  'minimumSeverity' | 'eventFiresForMs' | 'conditionFiresForMs' | 'labels'
>;

/**
 * What one alert means for Alertmanager: itself, where it is urgent enough, firing until a time that is told with it, and
 * the end of those before it that it made obsolete, which is told however urgent it is itself. Labels say which rollout and which kind and nothing that changes, so that the end of an alert can
 * be told without remembering that it was sent: Alertmanager makes nothing of the end of one that it never had.
 */
export function alertmanagerAlerts(message: AlertMessage, settings: Wanted): readonly PostableAlert[] {
  const { alert } = message;
  const firesForMs = isCondition(alert.kind) ? settings.conditionFiresForMs : settings.eventFiresForMs;
  const isWanted = (kind: AlertKind) => isUrgentEnough(alertSeverities[kind], settings.minimumSeverity);
  const own = { kind: alert.kind, toMs: alert.atMs + firesForMs };
  const ended = endedKinds[alert.kind].map((kind) => ({ kind, toMs: alert.atMs }));
  return [own, ...ended]
    .filter(({ kind }) => isWanted(kind))
    .map(({ kind, toMs }) => postable(message, kind, settings, { fromMs: alert.atMs, toMs }));
}

interface Firing {
  readonly fromMs: number;
  readonly toMs: number;
}

function postable(
  message: AlertMessage,
  kind: AlertKind,
  settings: Wanted,
  { fromMs, toMs }: Firing,
): PostableAlert {
  const { namespace, rollout, model, target, link } = message;
  const generator = link !== null && URL.canParse(link) ? { generatorURL: new URL(link).href } : {};
  return {
    labels: {
      ...settings.labels,
      alertname: alertName(kind),
      severity: alertSeverities[kind],
      namespace,
      rollout,
      model,
      target,
    },
    annotations: annotationsOf(message),
    startsAt: formatInstant(fromMs),
    endsAt: formatInstant(toMs),
    ...generator,
  };
}

/** `MLVerdictRolloutRollingBack`. */
export function alertName(kind: AlertKind): string {
  const words = kind.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `MLVerdictRollout${words.join('')}`;
}

function annotationsOf(message: AlertMessage): Readonly<Record<string, string>> {
  const { alert, canary, stable } = message;
  const { title, text, next } = alertText(message);
  return {
    summary: title,
    description: [text, ...next].join('\n'),
    percent: String(alert.percent),
    ...(canary === null ? {} : { canary }),
    ...(stable === null ? {} : { stable }),
    ...(alert.verdictId === null ? {} : { verdict: alert.verdictId }),
  };
}
