import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Failure } from '../failure.js';
import type { ServerTls } from '../server-settings.js';
import { KeptFile } from './kept-file.js';

/** What https connections are made with. The same object for as long as the files hold the same. */
export interface TlsMaterial {
  readonly kind: 'tls';
  readonly options: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

type Part = 'ca' | 'cert' | 'key';

/** The authorities, certificate and key of the client, read again as their files change. */
export class ClientTls {
  readonly #files: readonly (readonly [Part, KeptFile])[];
  #material: TlsMaterial = { kind: 'tls', options: {} };

  constructor({ caFile, certFile, keyFile }: ServerTls, fileAgeMs: number) {
    const given: readonly (readonly [Part, string, string | undefined])[] = [
      ['ca', 'tls.caFile', caFile],
      ['cert', 'tls.certFile', certFile],
      ['key', 'tls.keyFile', keyFile],
    ];
    this.#files = given.flatMap(([part, setting, file]) =>
      file === undefined ? [] : [[part, new KeptFile(setting, file, fileAgeMs)] as const],
    );
  }

  /** Fails where a file cannot be read or is not what it should be; never tells what is in it. */
  async read(): Promise<TlsMaterial | Failure> {
    const options: Partial<Record<Part, Buffer>> = {};
    const contents = await Promise.all(this.#files.map(([, file]) => file.read()));
    for (const [index, [part]] of this.#files.entries()) {
      const content = contents[index];
      if (content?.kind === 'failure') return content;
      if (content !== undefined) options[part] = content.bytes;
    }
    const { options: known } = this.#material;
    if (this.#files.every(([part]) => known[part] !== undefined && options[part]?.equals(known[part]))) {
      return this.#material;
    }
    const problem = this.#problemOf(options);
    if (problem !== undefined) return problem;
    this.#material = { kind: 'tls', options };
    return this.#material;
  }

  #problemOf(options: TlsMaterial['options']): Failure | undefined {
    for (const [part, file] of this.#files) {
      const bytes = options[part];
      if (part === 'key' || bytes === undefined || isCertificate(bytes)) continue;
      return file.refuse('is no certificate in PEM');
    }
    try {
      createSecureContext(options);
      return undefined;
    } catch {
      // While certificate and key are being replaced one of them may be the old one: it passes.
      const key = this.#files.find(([part]) => part === 'key')?.[1];
      return key?.refuse('is not the private key of tls.certFile in PEM, without a passphrase');
    }
  }
}

function isCertificate(pem: Buffer): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
