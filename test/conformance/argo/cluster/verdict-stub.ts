import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const question = z.object({ model: z.string(), canary: z.string(), stable: z.string() });

/** What was asked. */
export type AskedQuestion = z.infer<typeof question>;

/** Answers `POST /v1/verdict` as told, to see what Argo makes of it. */
export class VerdictStub {
  readonly asked: AskedQuestion[] = [];
  readonly #server: Server;

  private constructor(measurementOf: (asked: AskedQuestion) => unknown) {
    this.#server = createServer((request, response) => {
      void json(request).then((body) => {
        const asked = question.parse(body);
        this.asked.push(asked);
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ measurement: measurementOf(asked) }));
      });
    });
  }

  static async start(measurementOf: (asked: AskedQuestion) => unknown): Promise<VerdictStub> {
    const stub = new VerdictStub(measurementOf);
    await once(stub.#server.listen(0, '127.0.0.1'), 'listening');
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
