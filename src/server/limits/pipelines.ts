import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { whenOver } from '../http/when-over.js';

/** So many requests of one connection may wait for their answers. Browsers and Go's client never send a second one. */
const mostUnanswered = 8;

/**
 * Bounds what one connection may ask for before it has read the answers: Node.js hands on every request of a piece
 * that it reads, hundreds of them, and keeps all answers until they are read.
 */
export class Pipelines {
  readonly #unanswered = new WeakMap<Duplex, number>();

  /** Whether a request may be answered; where it may not, its connection is cut, and `onCut` told once. */
  enter(request: IncomingMessage, response: ServerResponse, onCut: () => void): boolean {
    const { socket } = request;
    if (socket.destroyed) return false;
    const unanswered = (this.#unanswered.get(socket) ?? 0) + 1;
    if (unanswered > mostUnanswered) {
      onCut();
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, unanswered);
    whenOver(request, response, () => {
      this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1);
    });
    return true;
  }
}
