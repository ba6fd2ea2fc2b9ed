import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const question = z.object({ canary: z.string(), stable: z.string() });

/** Stands in for a service that would judge: it never decides, and costs nothing. */
export class PatientJudge {
  readonly url: string;
  readonly #server: Server;
  #asked = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<PatientJudge> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const judge = new PatientJudge(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void judge.#answer(request, response);
    });
    return judge;
  }

  /** How many questions there were. */
  get asked(): number {
    return this.#asked;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { canary, stable } = question.parse(JSON.parse(await text(request)));
    const id = String(++this.#asked);
    const sentence = 'error-rate: errors 0.1 %, evidence 3:1 of 20:1 needed';
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({
        id,
        verdict: 'hold',
        canary,
        stable,
        asOf: null,
        measurement: [0.3, 'hold', sentence],
        guardrails: [{ estimate: 0.001 }],
        guarantee: {},
      }),
    );
  }
}
