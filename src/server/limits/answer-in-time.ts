import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Cuts the connection of a request that is not answered within a time, counted from its head: of a client that
 * sends a byte now and then, or does not read what it asked for. Nothing that Node.js watches by itself ends those.
 */
export function answerInTime(
  request: IncomingMessage,
  response: ServerResponse,
  timeoutMs: number,
  onCut: () => void,
): void {
  const timer = setTimeout(() => {
    onCut();
    request.socket.destroy();
  }, timeoutMs);
  timer.unref();
  response.once('close', () => {
    clearTimeout(timer);
  });
}
