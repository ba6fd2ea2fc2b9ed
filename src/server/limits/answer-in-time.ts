import type { IncomingMessage, ServerResponse } from 'node:http';
import { whenOver } from '../http/when-over.js';

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
  whenOver(request, response, () => {
    clearTimeout(timer);
  });
}
