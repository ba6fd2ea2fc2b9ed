import type { IncomingMessage } from 'node:http';

/** How much, and for how long, of a request that is refused is read on. */
export interface DrainLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

/**
 * Reads the rest of a request and forgets it, up to a number of bytes and for a time: closing a connection on which
 * a client is still sending would take the answer away from it.
 */
export async function drainRequest(request: IncomingMessage, limits: DrainLimits): Promise<void> {
  if (request.complete || request.readableEnded || request.destroyed) return;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    timer = setTimeout(resolve, limits.milliseconds);
    request.unpipe();
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > limits.bytes) resolve();
    });
    request.once('end', resolve);
    request.once('close', resolve);
    request.resume();
  });
  clearTimeout(timer);
}
