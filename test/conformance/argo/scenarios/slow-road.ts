import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A road to a service on which every question takes a while. */
export class SlowRoad {
  readonly url: string;
  readonly #server: Server;
  /** How long the next question takes, real milliseconds. */
  delayMs = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(targetUrl: string): Promise<SlowRoad> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const road = new SlowRoad(server);
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
      void pause(road.delayMs).then(() => {
        passOn(asked, answer, targetUrl);
      });
    });
    return road;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function passOn(asked: IncomingMessage, answer: ServerResponse, targetUrl: string): void {
  const { method, headers } = asked;
  const onward = request(new URL(asked.url ?? '/', targetUrl), { method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  // Whoever asked may have given up, and the service may be away.
  onward.on('error', () => answer.destroy());
  answer.on('error', () => onward.destroy());
  asked.pipe(onward);
}
