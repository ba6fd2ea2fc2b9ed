import type { IncomingMessage } from 'node:http';
import type { MemoryBudget } from '../../ingest/index.js';

/** The body of an event, as far as it was received. */
export type ReceivedBody =
  /** `heldBytes` of the budget are to be given back. */
  | { readonly kind: 'whole'; readonly bytes: Uint8Array; readonly heldBytes: number }
  /** Longer than is kept. `cut`: so long that its rest is not waited for. */
  | { readonly kind: 'too-long'; readonly cut: boolean }
  /** There was no room for it. `cut` as above. */
  | { readonly kind: 'no-room'; readonly cut: boolean }
  /** It broke off. */
  | { readonly kind: 'broken' };

/** What a piece of a body takes beside its bytes: a client may send it byte by byte. */
const pieceBytes = 256;

/** So many times the longest body is read before the connection is given up instead. */
const timesRead = 64;

const nothing = Buffer.alloc(0);

/** Receives a body within a budget. */
export function receiveBody(
  request: IncomingMessage,
  maxBytes: number,
  budget: MemoryBudget,
): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    receive(request, maxBytes, budget, resolve);
  });
}

function receive(
  request: IncomingMessage,
  maxBytes: number,
  budget: MemoryBudget,
  done: (body: ReceivedBody) => void,
): void {
  if (request.destroyed && !request.complete) {
    done({ kind: 'broken' });
    return;
  }
  let pieces: Buffer[] = [];
  let receivedBytes = 0;
  let heldBytes = 0;
  let dropped: 'too-long' | 'no-room' | undefined;
  let isDone = false;

  const finish = (body: ReceivedBody): void => {
    if (isDone) return;
    isDone = true;
    if (body.kind !== 'whole') budget.giveBack(heldBytes);
    done(body);
  };
  const drop = (why: 'too-long' | 'no-room'): void => {
    dropped = why;
    pieces = [];
    budget.giveBack(heldBytes);
    heldBytes = 0;
  };

  request.on('data', (piece: Buffer) => {
    receivedBytes += piece.length;
    if (receivedBytes > maxBytes * timesRead) finish({ kind: dropped ?? 'too-long', cut: true });
    if (dropped !== undefined || isDone) return;
    if (receivedBytes > maxBytes) drop('too-long');
    else if (!budget.take(piece.length + pieceBytes)) drop('no-room');
    else {
      heldBytes += piece.length + pieceBytes;
      pieces.push(piece);
    }
  });
  request.once('end', () => {
    if (dropped !== undefined) finish({ kind: dropped, cut: false });
    else {
      const [first = nothing] = pieces;
      const bytes = pieces.length <= 1 ? first : Buffer.concat(pieces);
      finish({ kind: 'whole', bytes, heldBytes });
    }
  });
  // Without a listener an error would end the process; that the body is not complete is told by the end.
  request.on('error', () => undefined);
  request.once('close', () => {
    finish({ kind: 'broken' });
  });
}
