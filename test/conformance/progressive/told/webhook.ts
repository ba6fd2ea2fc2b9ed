import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const body = z.object({
  id: z.string(),
  kind: z.string(),
  severity: z.string(),
  at: z.string(),
  title: z.string(),
  text: z.string(),
  rollout: z.object({ name: z.string(), namespace: z.string() }),
  percent: z.number(),
  verdictId: z.string().nullable(),
});

/** An alert as the webhook got it. */
export type ReceivedAlert = z.infer<typeof body>;

/** A webhook of somebody's own, which believes only what is signed. */
export class Webhook {
  readonly url: string;
  readonly #server: Server;
  readonly #secret: string;
  readonly #received: ReceivedAlert[] = [];
  /** What was sent to it, and was not signed as it should be. */
  readonly unsigned: string[] = [];

  private constructor(server: Server, secret: string) {
    this.#server = server;
    this.#secret = secret;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`;
  }

  static async start(secret: string): Promise<Webhook> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const webhook = new Webhook(server, secret);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void webhook.#take(request, response);
    });
    return webhook;
  }

  /** What came about the rollouts of a namespace, oldest first, each once. */
  received(namespace: string): readonly ReceivedAlert[] {
    const seen = new Set<string>();
    return this.#received.filter(({ id, rollout }) => {
      if (rollout.namespace !== namespace || seen.has(id)) return false;
      seen.add(id);
      return true;
    });
  }

  /** How often each alert came. */
  deliveries(namespace: string): readonly number[] {
    const all = this.#received.filter(({ rollout }) => rollout.namespace === namespace);
    return this.received(namespace).map(({ id }) => all.filter((one) => one.id === id).length);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request);
    if (this.#isSigned(String(request.headers['ml-verdict-signature']), sent)) {
      this.#received.push(body.parse(JSON.parse(sent)));
      response.writeHead(204).end();
    } else {
      this.unsigned.push(sent);
      response.writeHead(401).end();
    }
  }

  /** As the guide tells receivers to check it. */
  #isSigned(header: string, sent: string): boolean {
    const parts = header.split(',').map((part) => part.split('=', 2));
    const time = parts.find(([name]) => name === 't')?.[1] ?? '';
    const expected = createHmac('sha256', this.#secret).update(`${time}.${sent}`).digest();
    return parts.some(([name, value = '']) => {
      const given = Buffer.from(value, 'hex');
      return name === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
  }
}
