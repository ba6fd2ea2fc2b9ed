import type { AlertMessage } from '../../../../src/progressive/alerts/index.js';
import { alertSeverities, type Alert, type AlertKind } from '../../../../src/progressive/machine/alert.js';

export const atMs = Date.parse('2026-01-05T10:12:00Z');

/** An alert of fraud-detector. */
export function alertMessage(
  kind: AlertKind,
  more: Partial<Omit<AlertMessage, 'alert'>> & { readonly alert?: Partial<Alert> } = {},
): AlertMessage {
  const { alert, ...rest } = more;
  return {
    rollout: 'fraud-detector',
    namespace: 'ml',
    model: 'fraud-detector',
    canary: 'v2',
    stable: 'v1',
    target: 'InferenceService fraud-detector',
    uid: '3f1c2a90-0001-4000-8000-000000000001',
    link: 'https://example.com/rollouts?model=fraud-detector&namespace=ml',
    ...rest,
    alert: {
      key: `1/1/${kind}`,
      kind,
      severity: alertSeverities[kind],
      text: 'error-rate: 2.4 % > 1 %, evidence 120:1 of 80:1 needed',
      atMs,
      percent: 10,
      verdictId: 'v-0123456789abcdef',
      ...alert,
    },
  };
}
