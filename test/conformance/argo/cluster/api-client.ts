/** What the harness asks an API server itself: starting kubectl for every question would cost a fifth of a second. */
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

/** Where an API server is, and who asks. */
export interface ApiAccess {
  readonly url: string;
  readonly token: string;
  /** The certificate that its own is signed with, PEM. */
  readonly authority: string;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  /** Absent: plain JSON, for PATCH a merge patch. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** An answer that is not 2xx; `status` is its code and the message that of the server. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(`the API server answered ${status}: ${message}`);
    this.status = status;
  }
}

export class ApiClient {
  readonly #access: ApiAccess;
  readonly #agent: Agent;

  constructor(access: ApiAccess) {
    this.#access = access;
    this.#agent = new Agent({ ca: access.authority, keepAlive: true });
  }

  /**
   * Asks and reads the whole answer, which is JSON unless it is one of the words of a health check.
   * @throws ApiError where it is not 2xx
   */
  async ask(path: string, options: ApiRequest = {}): Promise<unknown> {
    const response = await this.#send(path, options);
    const text = await textOf(response);
    return response.headers['content-type']?.startsWith('application/json') === true
      ? (JSON.parse(text) as unknown)
      : text;
  }

  /** The code of the answer, whatever it is. */
  async statusOf(path: string): Promise<number> {
    return this.ask(path).then(
      () => 200,
      (error: unknown) => {
        if (error instanceof ApiError) return error.status;
        throw error;
      },
    );
  }

  /** The lines of an answer that goes on until the server or the signal ends it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.#send(path, { signal });
    yield* createInterface({ input: response });
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(path: string, options: ApiRequest): Promise<IncomingMessage> {
    const { method = 'GET', body, signal } = options;
    const contentType =
      options.contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(this.#access.url + path, {
        method,
        agent: this.#agent,
        headers: { Authorization: `Bearer ${this.#access.token}`, 'Content-Type': contentType },
        ...(signal === undefined ? {} : { signal }),
      });
      sent.once('response', resolve);
      sent.on('error', reject);
      if (body === undefined) {
        sent.end();
        return;
      }
      const text = JSON.stringify(body);
      // Node gives a DELETE no length of itself, and the server would take its body for another request.
      sent.setHeader('Content-Length', Buffer.byteLength(text));
      sent.end(text);
    });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw new ApiError(status, await textOf(response));
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
