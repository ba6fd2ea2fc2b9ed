import { setTimeout as pause } from 'node:timers/promises';
import { ClientTls } from './access/client-tls.js';
import { Credentials } from './access/credentials.js';
import { isSameAccess, type HeaderSet } from './access/header-set.js';
import { KeptFile } from './access/kept-file.js';
import { TokenClient } from './access/token-client.js';
import { ErrorReader } from './answers/error-reader.js';
import type { AnswerHead, BodyReader } from './exchange/body-reader.js';
import { Connections } from './exchange/connections.js';
import { Deadline } from './exchange/deadline.js';
import { Guard } from './exchange/guard.js';
import { describeEnd } from './exchange/network-reason.js';
import { send, type Sent } from './exchange/send.js';
import { illness, isFailure, type Failure } from './failure.js';
import type { ServerObserver } from './server-observer.js';
import type { ServerSettings } from './server-settings.js';
import type { ServerTimes } from './server-times.js';

/** Something that a server is asked. */
export interface ServerQuestion<T> {
  readonly method: 'GET' | 'POST';
  /** Behind the URL of the server. */
  readonly path: string;
  /** The fields of the form, or of the query string. */
  readonly form: (timeoutMs: number) => URLSearchParams;
  /** How the body of an answer with status 200 is read. */
  readonly reader: (secrets: readonly string[]) => BodyReader<T | Failure>;
  /** What a status means that is not the failure that it usually is. */
  readonly byStatus?: (status: number) => T | undefined;
}

/** What came of it. */
export interface Asked<T> extends Sent<T> {
  /** From the moment the question was let through. */
  readonly elapsedMs: number;
}

/** What an asker is made with. */
export interface AskerParts {
  readonly observer: ServerObserver;
  readonly times: ServerTimes;
}

/**
 * Asks one server: with its credentials, within its limits and the caller's deadline, and once more where that may help. Only
 * reads are asked, so that a repetition changes nothing.
 */
export class Asker {
  readonly #settings: ServerSettings;
  readonly #observer: ServerObserver;
  readonly #times: ServerTimes;
  readonly #guard: Guard;
  readonly #connections: Connections;
  readonly #tokenConnections: Connections;
  readonly #credentials: Credentials;

  constructor(settings: ServerSettings, { observer, times }: AskerParts) {
    const { name, access, tls, concurrency, timeoutMs } = settings;
    this.#settings = settings;
    this.#observer = observer;
    this.#times = times;
    this.#guard = new Guard({
      concurrency,
      timeoutMs,
      openMs: times.openMs,
      onBreaker: (state) => observer.onBreaker?.(name, state),
    });
    const clientTls = new ClientTls(tls, times.fileAgeMs);
    const { idleMs } = times;
    const { serverName } = tls;
    const named = serverName === undefined ? {} : { serverName };
    this.#connections = new Connections({ sockets: concurrency, idleMs, ...named }, clientTls);
    this.#tokenConnections = new Connections({ sockets: 1, idleMs }, clientTls);
    this.#credentials = new Credentials(settings, times.fileAgeMs, this.#tokenClient(access));
  }

  /** Ends with the signal at the latest. */
  async ask<T extends object>(question: ServerQuestion<T>, signal: AbortSignal): Promise<Asked<T>> {
    let bytes = 0;
    let elapsedMs = 0;
    let dateMs: number | undefined;
    const result = await this.#guard.run(async () => {
      const startMs = performance.now();
      const deadline = new Deadline(signal, this.#settings.timeoutMs);
      try {
        const sent = await this.#askTwice(question, deadline);
        ({ bytes, dateMs } = sent);
        return sent.result;
      } finally {
        deadline.dispose();
        elapsedMs = performance.now() - startMs;
      }
    }, signal);
    const outcome = isFailure(result) ? result.outcome : 'answered';
    this.#observer.onQuery?.({ server: this.#settings.name, outcome, elapsedMs, bytes });
    return { result, bytes, elapsedMs, ...(dateMs === undefined ? {} : { dateMs }) };
  }

  /** Connections end, each after its last request. */
  close(): void {
    this.#connections.close();
    this.#tokenConnections.close();
  }

  #tokenClient(access: ServerSettings['access']): TokenClient | undefined {
    if (access.kind !== 'oauth2') return undefined;
    return new TokenClient({
      access,
      secretFile: new KeptFile('oauth2.clientSecretFile', access.clientSecretFile, this.#times.fileAgeMs),
      connections: this.#tokenConnections,
      timeoutMs: this.#settings.timeoutMs,
      times: this.#times,
    });
  }

  async #askTwice<T extends object>(question: ServerQuestion<T>, deadline: Deadline): Promise<Sent<T>> {
    const access = await this.#access(deadline);
    if (access.kind === 'failure') return { result: access, bytes: 0 };
    const first = await this.#askOnce(question, deadline, access);
    const again = isFailure(first.result) ? first.result.again : undefined;
    if (again === undefined) return first;
    if (again.kind === 'renewed') {
      // A token that was withdrawn, or a file that was rotated a moment ago.
      const renewed = await this.#access(deadline, access);
      if (renewed.kind === 'failure') return { result: renewed, bytes: first.bytes };
      return isSameAccess(renewed, access) ? first : this.#askOnce(question, deadline, renewed);
    }
    if (again.afterMs >= deadline.remainingMs) return first;
    await pause(again.afterMs, undefined, { signal: deadline.signal }).catch(() => undefined);
    return this.#askOnce(question, deadline, access);
  }

  async #access(deadline: Deadline, refused?: HeaderSet): Promise<HeaderSet | Failure> {
    const startMs = performance.now();
    const access = await deadline.within(this.#credentials.read(deadline, refused));
    return access ?? describeEnd(deadline, performance.now() - startMs, 0);
  }

  async #askOnce<T extends object>(
    question: ServerQuestion<T>,
    deadline: Deadline,
    { headers, secrets }: HeaderSet,
  ): Promise<Sent<T>> {
    const url = new URL(`${this.#settings.url.replace(/\/+$/, '')}${question.path}`);
    const lease = await this.#connections.lease(url.protocol);
    if (lease.kind === 'failure') return { result: lease, bytes: 0 };
    const { access } = this.#settings;
    const form = question.form(deadline.remainingMs).toString();
    const isPost = question.method === 'POST';
    if (!isPost) url.search = form;
    try {
      return await send<T>(
        { method: question.method, url, headers, ...(isPost ? { body: form } : {}) },
        lease,
        deadline,
        (head) =>
          readerOf(question, head, secrets) ??
          new ErrorReader(head, { access: access.kind, url, secrets, times: this.#times }),
      );
    } finally {
      lease.release();
    }
  }
}

/** What reads the answer, if it is one. */
function readerOf<T>(
  { reader, byStatus }: ServerQuestion<T>,
  { status, headers }: AnswerHead,
  secrets: readonly string[],
): BodyReader<T | Failure> | undefined {
  const meaning = byStatus?.(status);
  if (meaning !== undefined) return settled(meaning);
  if (status !== 200) return undefined;
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity'
    ? reader(secrets)
    : settled(
        illness('failed', 'answers in a compression that was not asked for: check what stands before it'),
      );
}

/** For an answer whose body says nothing more. */
function settled<T>(result: T): BodyReader<T> {
  return { push: () => result, end: () => result };
}
