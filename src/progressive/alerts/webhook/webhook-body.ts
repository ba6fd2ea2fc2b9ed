import { formatInstant } from '../../../domain/units.js';
import { alertId } from '../alert-id.js';
import type { AlertMessage } from '../alert-message.js';
import { alertText } from '../texts/alert-text.js';

/** Version of the body's form. Members may be added to it; one that is there keeps its name and its meaning. */
export const alertSchemaName = 'ml-verdict/alert/v1';

/** What a webhook gets. */
export interface WebhookBody {
  readonly schema: typeof alertSchemaName;
  /** The same however often it is sent; also the `Idempotency-Key`. */
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly severity: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
  readonly title: string;
  /** One sentence with the reason. */
  readonly text: string;
  /** What a person can do next. */
  readonly next: readonly string[];
  readonly rollout: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly model: string;
  readonly canary: string | null;
  readonly stable: string | null;
  readonly target: string;
  /** The confirmed share of the canary then. */
  readonly percent: number;
  readonly verdictId: string | null;
  readonly link: string | null;
}

export function webhookBody(message: AlertMessage): WebhookBody {
  const { alert, rollout, namespace, uid, model, canary, stable, target, link } = message;
  const { title, text, next } = alertText(message);
  return {
    schema: alertSchemaName,
    id: alertId(message),
    key: alert.key,
    kind: alert.kind,
    severity: alert.severity,
    at: formatInstant(alert.atMs),
    title,
    text,
    next,
    rollout: { name: rollout, namespace, uid },
    model,
    canary,
    stable,
    target,
    percent: alert.percent,
    verdictId: alert.verdictId,
    link,
  };
}
