import { formatInstant } from '../../../domain/units.js';
import { alertSeverities, type AlertKind } from '../../machine/alert.js';
import type { AlertMessage } from '../alert-message.js';
import type { AlertmanagerSettings } from '../receiver-settings.js';
import { alertText } from '../texts/alert-text.js';
import type { KindChange } from './kind-changes.js';

/** An alert as `POST /api/v2/alerts` takes it. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/**
 * One alert as Alertmanager takes it, for each kind that it changes. Labels say which rollout and which kind and nothing
 * that changes, so that the end of an alert can be told without remembering that it was sent: Alertmanager makes nothing of
 * the end of one that it never had.
 */
export function alertmanagerAlerts(
  message: AlertMessage,
  changes: readonly KindChange[],
  { labels }: Pick<AlertmanagerSettings, 'labels'>,
): readonly PostableAlert[] {
  const { namespace, rollout, model, target, link, alert } = message;
  const generator = link !== null && URL.canParse(link) ? { generatorURL: new URL(link).href } : {};
  return changes.map(({ kind, toMs }) => ({
    labels: {
      ...labels,
      alertname: alertName(kind),
      severity: alertSeverities[kind],
      namespace,
      rollout,
      model,
      target,
    },
    annotations: annotationsOf(message),
    startsAt: formatInstant(alert.atMs),
    endsAt: formatInstant(toMs),
    ...generator,
  }));
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
