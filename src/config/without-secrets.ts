/** What stands in place of the part of an address that is a secret. */
const hidden = '***';

/** A config file's content without the addresses that are secrets themselves: those of Slack, all but the host. */
export function withoutSecrets(
  content: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const alerts = content['alerts'];
  if (!isObject(alerts) || !Array.isArray(alerts['receivers'])) return content;
  const receivers: readonly unknown[] = alerts['receivers'];
  return { ...content, alerts: { ...alerts, receivers: receivers.map(withoutAddress) } };
}

function withoutAddress(receiver: unknown): unknown {
  if (!isObject(receiver) || receiver['kind'] !== 'slack' || typeof receiver['url'] !== 'string') {
    return receiver;
  }
  const { url } = receiver;
  return { ...receiver, url: URL.canParse(url) ? `${new URL(url).origin}/${hidden}` : hidden };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
