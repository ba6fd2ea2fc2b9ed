import type { IncomingMessage } from 'node:http';

/**
 * Reads the rest of a request and forgets it, up to a number of bytes: closing a connection on which a client is
 * still sending would take the answer away from it.
 */
export async function drainRequest(request: IncomingMessage, limitBytes: number): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    request.unpipe();
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > limitBytes) resolve();
    });
    request.once('end', resolve);
    request.once('close', resolve);
    request.resume();
  });
}
