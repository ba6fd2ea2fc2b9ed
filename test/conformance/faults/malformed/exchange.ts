import { connect } from 'node:net';

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/**
 * Sends bytes over a connection of their own, says that no more will come, and reads until the service closes it.
 * Answers every answer that came, and rejects where what came is none or the connection was reset without one.
 */
export function exchange(port: number, bytes: Uint8Array, head: boolean): Promise<readonly WireAnswer[]> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.end(bytes));
    let failure: Error | undefined;
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer within 30 s')));
    socket.on('data', (piece) => received.push(piece));
    socket.on('error', (error) => (failure = error));
    socket.once('close', () => {
      try {
        const answers = answersIn(Buffer.concat(received), head);
        if (answers.length > 0) resolve(answers);
        else reject(failure ?? new Error('the connection was closed without an answer'));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

/** Takes a stream apart; all answers of the service say how long they are. `head`: the answers have no bodies. */
function answersIn(bytes: Buffer, head: boolean): readonly WireAnswer[] {
  const answers: WireAnswer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) throw new Error(`not an answer: ${bytes.subarray(at, at + 200).toString('latin1')}`);
    const [first = '', ...lines] = bytes.subarray(at, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1]);
    if (Number.isNaN(status)) throw new Error(`not an answer: ${first.slice(0, 200)}`);
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    const start = end + 4;
    const told = headers.get('content-length');
    const chunked = headers.get('transfer-encoding') === 'chunked';
    if (status === 100) {
      at = start;
      continue;
    }
    const length = head ? 0 : chunked ? chunkedLength(bytes, start) : Number(told ?? 0);
    if (start + length > bytes.length) throw new Error('the answer was cut off');
    answers.push({ status, headers, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return answers;
}

/** The length of a chunked body, with its last chunk. The service sends none with content but where an answer is empty. */
function chunkedLength(bytes: Buffer, start: number): number {
  const end = bytes.indexOf('0\r\n\r\n', start);
  if (end < 0) throw new Error('the answer was cut off');
  return end + 5 - start;
}
