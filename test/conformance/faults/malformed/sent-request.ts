/** A request in its parts, before it becomes bytes. */
export interface SentRequest {
  readonly method: string;
  /** Path and query as they stand in the first line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** How the body is framed: by its length, in chunks, or by a length that is not its own. */
  readonly framing: 'length' | 'chunked' | 'none';
}

/** A request as it goes over the wire. Its headers are sent as they are, one byte a character. */
export function wireBytes({ method, target, headers, body, framing }: SentRequest): Buffer {
  const framed = framing === 'chunked' ? chunksOf(body) : body;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(framing === 'length' ? [`Content-Length: ${body.length}`] : []),
    ...(framing === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), ...(framing === 'none' ? [] : [framed])]);
}

function chunksOf(body: Uint8Array): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += 7) {
    const piece = body.subarray(at, at + 7);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), Buffer.from(piece), Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}
