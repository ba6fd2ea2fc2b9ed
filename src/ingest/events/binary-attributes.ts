import type { IncomingHttpHeaders } from 'node:http';

const beyondAscii = /[^\x20-\x7e]/;

/** The attributes of an event in binary mode, which are headers: `Ce-Id`, `Ce-Type`, … */
export function binaryAttributes(headers: IncomingHttpHeaders): (name: string) => string | undefined {
  return (name) => {
    const value = headers[`ce-${name}`];
    if (typeof value !== 'string') return undefined;
    // Node.js reads headers as Latin-1; what is not plain was sent in UTF-8.
    return beyondAscii.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
  };
}
