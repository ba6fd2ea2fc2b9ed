import type { Deadline } from '../exchange/deadline.js';
import type { Failure } from '../failure.js';
import type { ServerSettings } from '../server-settings.js';
import { basicHeader, bearerHeader, type HeaderSet } from './header-set.js';
import { KeptFile, readHeaderSecret, readSecret } from './kept-file.js';
import type { TokenClient } from './token-client.js';

/** The settings that headers are made from. */
type HeaderSettings = Pick<ServerSettings, 'headers' | 'access'>;

type Read = (deadline: Deadline, refused: HeaderSet | undefined) => Promise<HeaderSet | Failure>;

const none: HeaderSet = { kind: 'headers', headers: {}, secrets: [] };

/**
 * Where the headers of a server come from: its access and its extra headers. Files are read as they change; after `refused`
 * headers they are read anew, and a token is renewed.
 */
export class Credentials {
  readonly #reads: readonly Read[];

  /** @param tokens for access by OAuth2 */
  constructor(settings: HeaderSettings, fileAgeMs: number, tokens: TokenClient | undefined) {
    const kept = (setting: string, file: string): KeptFile => new KeptFile(setting, file, fileAgeMs);
    this.#reads = [
      ...Object.entries(settings.headers).map(([name, value]) =>
        typeof value === 'string'
          ? plainHeader(name, value)
          : secretHeader(name, kept(`headers.${name}.file`, value.file)),
      ),
      accessHeader(settings, kept, tokens),
    ];
  }

  /** The headers to send. Fails where a file cannot be read or a token cannot be had. */
  async read(deadline: Deadline, refused?: HeaderSet): Promise<HeaderSet | Failure> {
    const parts = await Promise.all(this.#reads.map((read) => read(deadline, refused)));
    let headers: HeaderSet['headers'] = {};
    const secrets: string[] = [];
    for (const part of parts) {
      if (part.kind === 'failure') return part;
      headers = { ...headers, ...part.headers };
      secrets.push(...part.secrets);
    }
    return { kind: 'headers', headers, secrets };
  }
}

function plainHeader(name: string, value: string): Read {
  return () => Promise.resolve({ kind: 'headers', headers: { [name.toLowerCase()]: value }, secrets: [] });
}

function secretHeader(name: string, file: KeptFile): Read {
  return async (_, refused) => {
    const secret = await readHeaderSecret(file, refused !== undefined);
    if (secret.kind === 'failure') return secret;
    return { kind: 'headers', headers: { [name.toLowerCase()]: secret.text }, secrets: [secret.text] };
  };
}

function accessHeader(
  { access }: HeaderSettings,
  kept: (setting: string, file: string) => KeptFile,
  tokens: TokenClient | undefined,
): Read {
  switch (access.kind) {
    case 'none':
      return () => Promise.resolve(none);
    case 'basic': {
      const file = kept('basicAuth.passwordFile', access.passwordFile);
      return async (_, refused) => {
        const secret = await readSecret(file, refused !== undefined);
        return secret.kind === 'failure' ? secret : basicHeader(access.username, secret.text);
      };
    }
    case 'bearer': {
      const file = kept('bearerTokenFile', access.tokenFile);
      return async (_, refused) => {
        const secret = await readHeaderSecret(file, refused !== undefined);
        return secret.kind === 'failure' ? secret : bearerHeader(secret.text);
      };
    }
    case 'oauth2':
      return async (deadline, refused) => {
        const token = await tokens?.token(deadline, refused?.headers['authorization']);
        if (token === undefined) return none;
        return token.kind === 'failure' ? token : bearerHeader(token.text);
      };
  }
}
