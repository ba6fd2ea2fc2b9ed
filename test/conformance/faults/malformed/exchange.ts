import { connect } from 'node:net';

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** What the service is given before it is told that no more will come. */
export interface Exchange {
  readonly bytes: Uint8Array;
  /** Whether the answer has no body, whatever it says of its length. */
  readonly head: boolean;
  /**
   * After so long without an answer the client says that it has sent everything, as for a request that lacks its end;
   * absent: never, since Node.js then ends the connection without waiting for its own answer.
   */
  readonly endAfterMs?: number;
}

/** Sends bytes over a connection of their own; answers the first answer, undefined where the connection is closed without one. */
export function exchange(
  port: number,
  { bytes, head, endAfterMs }: Exchange,
): Promise<WireAnswer | undefined> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(bytes));
    const timer = endAfterMs === undefined ? undefined : setTimeout(() => socket.end(), endAfterMs);
    socket.setTimeout(30_000, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      try {
        const answer = firstAnswer(received, head);
        if (answer === undefined) return;
        resolve(answer);
        socket.destroy();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        socket.destroy();
      }
    });
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      if (received.length === 0) resolve(undefined);
      else reject(new Error(`the answer was cut off: ${received.subarray(0, 200).toString('latin1')}`));
    });
  });
}

/** The first answer that is more than "go on"; undefined while it is not complete. */
function firstAnswer(bytes: Buffer, head: boolean): WireAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`not an answer: ${first.slice(0, 200)}`);
  if (status === 100) return firstAnswer(bytes.subarray(end + 4), head);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const length = headers.get('content-length');
  if (length === undefined) throw new Error(`an answer without its length: ${first}`);
  const body = bytes.subarray(end + 4);
  if (head) return { status, headers, body: body.subarray(0, 0) };
  return body.length < Number(length) ? undefined : { status, headers, body };
}
