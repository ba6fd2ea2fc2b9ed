import { z } from 'zod';
import {
  deliveryTimeoutMs,
  linkPlaceholders,
  unknownPlaceholders,
  type ReceiverConnection,
  type ReceiverSettings,
} from '../../progressive/alerts/index.js';
import { receiverFields, receiverProblems, type WrittenReceiver } from './alert-receiver.js';

const receiverEntry = receiverFields
  .superRefine((entry, context) => {
    for (const { path, message } of receiverProblems(entry)) {
      context.addIssue({ code: 'custom', path: [...path], message, input: entry });
    }
  })
  .transform(settingsOf);

const link = z
  .string()
  .refine((text) => unknownPlaceholders(text).length === 0, {
    error: `no other names in braces than ${linkPlaceholders.join(', ')}`,
  })
  .refine((text) => isHttp(text.replace(/\{\w+\}/g, 'x')), { error: 'an http or https address' })
  .optional()
  .describe(
    'Where people read more of an alert whose rollout names no `link` of its own, with `{namespace}`, `{model}`, `{rollout}` and `{verdict}` (the id of the verdict) in it: `https://ml-verdict.example.com/v1/verdicts/{verdict}`. Where it names a verdict and the alert rests on none, there is no link.',
  );

/** Whom a rollout tells what happens. */
export const alertsSection = z
  .strictObject({
    link,
    receivers: z
      .array(receiverEntry)
      .max(50)
      .superRefine((receivers, context) => {
        const names = new Set<string>();
        receivers.forEach(({ name }, index) => {
          if (names.has(name)) {
            const message = 'a name that no other receiver has';
            context.addIssue({ code: 'custom', path: [index, 'name'], message, input: name });
          }
          names.add(name);
        });
      })
      .prefault([])
      .describe('Who is told. Each gets every alert that is urgent enough, at its own pace.'),
  })
  .prefault({})
  .describe(
    'Whom the rollouts that `controller` and `rollout` drive tell what happens, beside the Events of Kubernetes. [Alerts](../guides/alerts.md) shows what is sent.',
  );

function settingsOf(entry: WrittenReceiver): ReceiverSettings {
  const { kind, name, url, urlFile, timeout, basicAuth, bearerTokenFile, headers, tls } = entry;
  const connection: ReceiverConnection = {
    name,
    minimumSeverity: entry.minimumSeverity ?? (kind === 'webhook' ? 'info' : 'warning'),
    address: urlFile === undefined ? { kind: 'url', url: url ?? '' } : { kind: 'file', file: urlFile },
    timeoutMs: timeout === undefined ? deliveryTimeoutMs : timeout * 1000,
    headers,
    access:
      basicAuth !== undefined
        ? { kind: 'basic', ...basicAuth }
        : bearerTokenFile !== undefined
          ? { kind: 'bearer', tokenFile: bearerTokenFile }
          : { kind: 'none' },
    tls: {
      ...(tls.caFile === undefined ? {} : { caFile: tls.caFile }),
      ...(tls.certFile === undefined ? {} : { certFile: tls.certFile }),
      ...(tls.keyFile === undefined ? {} : { keyFile: tls.keyFile }),
      ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
    },
  };
  switch (kind) {
    case 'webhook':
      return { kind, ...connection, secretFiles: entry.secretFiles ?? [] };
    case 'slack':
      return { kind, ...connection };
    case 'alertmanager':
      return {
        kind,
        ...connection,
        eventFiresForMs: (entry.eventFiresFor ?? 3600) * 1000,
        conditionFiresForMs: (entry.conditionFiresFor ?? 86_400) * 1000,
        labels: entry.labels ?? {},
      };
  }
}

function isHttp(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
