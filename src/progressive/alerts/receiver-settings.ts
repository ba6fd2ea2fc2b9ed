import type {
  HeaderSetting,
  ServerAccess,
  ServerTls,
} from '../../sources/prometheus/server/server-settings.js';
import type { Severity } from './severity.js';

/** Where a receiver is: an address, or the file that holds it where the address is a secret. */
export type ReceiverAddress =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'file'; readonly file: string };

/** How alerts reach a receiver, as the config has it. Secrets are named by their files; a Slack address is one itself. */
export interface ReceiverConnection {
  /** As the config names it. */
  readonly name: string;
  readonly minimumSeverity: Severity;
  readonly address: ReceiverAddress;
  /** The longest that one delivery may take. */
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, HeaderSetting>>;
  readonly access: Exclude<ServerAccess, { readonly kind: 'oauth2' }>;
  readonly tls: ServerTls;
}

export interface WebhookSettings extends ReceiverConnection {
  readonly kind: 'webhook';
  /** Files with one secret each; every one of them makes a signature. Empty: not signed. */
  readonly secretFiles: readonly string[];
}

export interface SlackSettings extends ReceiverConnection {
  readonly kind: 'slack';
}

export interface AlertmanagerSettings extends ReceiverConnection {
  readonly kind: 'alertmanager';
  /** How long what has happened fires: a rollback, an end without a result. */
  readonly eventFiresForMs: number;
  /** How long what lasts fires at most, if nothing tells its end: a pause, a rollback that is refused. */
  readonly conditionFiresForMs: number;
  /** Labels that every alert has in addition. */
  readonly labels: Readonly<Record<string, string>>;
}

export type ReceiverSettings = WebhookSettings | SlackSettings | AlertmanagerSettings;

/** The longest that one delivery may take, unless the config says otherwise. */
export const deliveryTimeoutMs = 10_000;
