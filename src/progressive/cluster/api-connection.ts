import {
  request as requestPlain,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as requestTls, type RequestOptions } from 'node:https';
import type { ApiServer } from './api-server.js';
import { KeptConnections } from './kept-connections.js';
import { SharedAccess } from './shared-access.js';

/** One request to an API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With its leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly text: string };
  /** Until the answer is complete, credentials included; of a watch, until its head is there. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. Reasons are for people and hold no secret. */
export type ApiResponse =
  | { readonly kind: 'answer'; readonly head: IncomingMessage; readonly text: string }
  | { readonly kind: 'no-answer'; readonly reason: string };

export type ApiStream =
  { readonly kind: 'stream'; readonly head: IncomingMessage; readonly close: () => void } | ApiResponse;

const longestAnswer = 64 * 1024 * 1024;
const agentName = 'ml-verdict';

/** Speaks HTTP with one API server, over kept connections and within deadlines. Never throws. */
export class ApiConnection {
  readonly #access: SharedAccess;
  readonly #url: URL;
  readonly #connections = new KeptConnections({ isLimited: true });
  readonly #watches = new KeptConnections({ isLimited: false });

  constructor(server: ApiServer) {
    this.#access = new SharedAccess(server);
    this.#url = new URL(server.url);
  }

  /** The whole answer. A read whose kept connection turns out to be dead is made once more. */
  async send(request: ApiRequest): Promise<ApiResponse> {
    const started = await this.#start(request, this.#connections);
    if (started.kind === 'no-answer' && started.isStale && request.method === 'GET') {
      return this.#whole(await this.#start(request, this.#connections));
    }
    return this.#whole(started);
  }

  /** The answer as it comes where its status is 200, else the whole of it. */
  async open(request: ApiRequest): Promise<ApiStream> {
    const started = await this.#start(request, this.#watches);
    if (started.kind === 'no-answer' || started.head.statusCode !== 200) return this.#whole(started);
    const { head, over } = started;
    over.disarm();
    return {
      kind: 'stream',
      head,
      close: () => {
        over.end();
      },
    };
  }

  close(): void {
    this.#connections.close();
    this.#watches.close();
  }

  async #start(request: ApiRequest, connections: KeptConnections): Promise<Started> {
    const startMs = performance.now();
    const given = await this.#access.get(request.deadlineMs, request.signal);
    if (given.kind === 'none') return noAnswer(given.reason);
    const access = given.value;
    const leftMs = Math.max(1, request.deadlineMs - (performance.now() - startMs));
    let sent: ClientRequest;
    try {
      const options = optionsOf(request, access);
      const isTls = this.#url.protocol === 'https:';
      const agent = connections.agentFor(access, isTls);
      sent = (isTls ? requestTls : requestPlain)(this.#urlOf(request), { ...options, agent });
    } catch (error) {
      return noAnswer(`the request cannot be made${codeOf(error)}`);
    }
    const over = new Over(sent, request, leftMs);
    const started = await headOf(sent, over);
    if (started.kind === 'no-answer') over.end();
    else if (started.head.statusCode === 401) this.#access.refused();
    return started;
  }

  #urlOf({ path, query = {} }: ApiRequest): URL {
    const url = new URL(this.#url);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  }

  async #whole(started: Started): Promise<ApiResponse> {
    if (started.kind === 'no-answer') return started;
    const { head, over } = started;
    try {
      const text = await textOf(head);
      over.release();
      return { kind: 'answer', head, text };
    } catch (error) {
      over.end();
      return noAnswer(over.reason ?? reasonOf(error));
    }
  }
}

function optionsOf({ method, accept = 'application/json', body }: ApiRequest, access: RequestOptions) {
  const own = { Accept: accept, 'User-Agent': agentName };
  const content =
    body === undefined ? {} : { 'Content-Type': body.type, 'Content-Length': Buffer.byteLength(body.text) };
  const given = access.headers as OutgoingHttpHeaders | undefined;
  return { ...access, method, headers: { ...given, ...own, ...content } };
}

type Started =
  | { readonly kind: 'started'; readonly head: IncomingMessage; readonly over: Over }
  | { readonly kind: 'no-answer'; readonly reason: string; readonly isStale: boolean };

function headOf(sent: ClientRequest, over: Over): Promise<Started> {
  return new Promise((resolve) => {
    sent.once('response', (head) => {
      resolve({ kind: 'started', head, over });
    });
    sent.on('error', (error) => {
      const isStale = over.reason === undefined && sent.reusedSocket;
      resolve({ ...noAnswer(over.reason ?? reasonOf(error)), isStale });
    });
    sent.end(over.body);
  });
}

async function textOf(head: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of head as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestAnswer) throw new Error(`the answer is longer than ${longestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Ends a request when its time is up or its caller gives up. */
class Over {
  readonly body: string | undefined;
  readonly #sent: ClientRequest;
  readonly #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reason: string | undefined;

  constructor(sent: ClientRequest, { body, deadlineMs, signal }: ApiRequest, leftMs: number) {
    this.#sent = sent;
    this.body = body?.text;
    this.#signal = signal;
    this.#timer = setTimeout(() => {
      this.#stop(`no answer within ${deadlineMs / 1000} s`);
    }, leftMs);
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted === true) this.#onAbort();
  }

  /** Why it was ended; undefined: it was not. */
  get reason(): string | undefined {
    return this.#reason;
  }

  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The answer is complete: the connection is kept. */
  release(): void {
    this.disarm();
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  end(): void {
    this.release();
    this.#sent.destroy();
  }

  readonly #onAbort = (): void => {
    this.#stop('given up');
  };

  #stop(reason: string): void {
    this.#reason ??= reason;
    this.#sent.destroy(new Error(reason));
  }
}

function noAnswer(reason: string): {
  readonly kind: 'no-answer';
  readonly reason: string;
  readonly isStale: boolean;
} {
  return { kind: 'no-answer', reason, isStale: false };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? `: ${String(error.code)}` : '';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  return 'code' in error && typeof error.code === 'string'
    ? `${error.code}: ${error.message}`
    : error.message;
}
