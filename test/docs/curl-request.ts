/** What a simple curl command sends, so that a document's examples can be tried where there is no curl. */
import type { ShellCommand } from './shell-commands.js';

export interface CurlRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The address that the documents use for a service that has just been started. */
const documentedHost = 'localhost:8080';

/** Reads `curl -s [-X METHOD] [-H 'name: value'] [--data-binary TEXT|@-] URL`; other options are refused. */
export function readCurl({ words, input }: ShellCommand, base: string): CurlRequest {
  const [program, ...rest] = words;
  if (program !== 'curl')
    throw new Error(`expected curl, got "${program ?? ''}": keep other commands in blocks of their own`);
  let method: string | undefined;
  let address: string | undefined;
  let body: string | undefined;
  const headers: Record<string, string> = {};
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const value = () => {
      const next = rest.shift();
      if (next === undefined) throw new Error(`${word} needs a value`);
      return next;
    };
    if (word === '-s' || word === '-sS') continue;
    else if (word === '-X') method = value();
    else if (word === '-H') {
      const [name = '', ...text] = value().split(':');
      headers[name] = text.join(':').trim();
    } else if (word === '--data-binary') {
      const data = value();
      if (data === '@-' && input === undefined) throw new Error('--data-binary @- needs a here-document');
      body = data === '@-' ? input : data;
      headers['Content-Type'] ??= 'application/x-www-form-urlencoded';
    } else if (word.startsWith('-')) throw new Error(`the tests know no curl option ${word}`);
    else address = word;
  }
  if (address?.replace('http://', '').startsWith(`${documentedHost}/`) !== true) {
    throw new Error(`expected a URL at ${documentedHost}, got "${address ?? ''}"`);
  }
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url: new URL(`http://${address.replace('http://', '').replace(documentedHost, base)}`),
    headers,
    ...(body === undefined ? {} : { body }),
  };
}
