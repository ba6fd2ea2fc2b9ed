/** How a server with the Prometheus query API is reached, as the config has it. Secrets are only named by their files. */
export interface ServerSettings {
  /** As the config names it. */
  readonly name: string;
  /** Where its API begins, with what stands before `/api/v1`: `http://mimir/prometheus`. No user, query or fragment. */
  readonly url: string;
  /** The longest that an answer may take, a retry included. */
  readonly timeoutMs: number;
  /** How often it scrapes its targets, for models that do not say it. */
  readonly scrapeIntervalMs: number;
  /** So many queries are sent to it at a time. */
  readonly concurrency: number;
  /** An answer of more series is refused. */
  readonly maxSeries: number;
  /** An answer of more bytes is refused, without having been read to its end. */
  readonly maxResponseBytes: number;
  /** Sent with every query. */
  readonly headers: Readonly<Record<string, HeaderSetting>>;
  readonly access: ServerAccess;
  readonly tls: ServerTls;
}

/** The value of a header, or the file that holds it. */
export type HeaderSetting = string | { readonly file: string };

/** How the service shows the server who it is; a client certificate may come on top. */
export type ServerAccess =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly passwordFile: string }
  | { readonly kind: 'bearer'; readonly tokenFile: string }
  | OAuth2Access;

/** A token by the client credentials grant of OAuth2 (RFC 6749, section 4.4). */
export interface OAuth2Access {
  readonly kind: 'oauth2';
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecretFile: string;
  readonly scopes: readonly string[];
}

/** What an https connection is checked by, and what it shows. All files are PEM. */
export interface ServerTls {
  /** Authorities that are trusted in place of the well-known ones. */
  readonly caFile?: string;
  /** The certificate of the service, with its key. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name that the certificate of the server has to be for, where it is not the host of the URL. */
  readonly serverName?: string;
}
