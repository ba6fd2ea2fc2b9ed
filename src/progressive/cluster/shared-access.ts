import type { RequestOptions } from 'node:https';
import type { ApiServer } from './api-server.js';

/** What a request goes out with, or why it cannot. */
export type Access =
  | { readonly kind: 'access'; readonly value: RequestOptions }
  | { readonly kind: 'none'; readonly reason: string };

/** A credential plugin that said nothing for so long is given up, and the next request starts another. */
const abandonMs = 300_000;
/** Credentials that were not taken are had anew so often at most. */
const forgetMs = 10_000;

/** The credentials for many requests: those that ask at the same time share one call, and none waits beyond its own deadline. */
export class SharedAccess {
  readonly #server: ApiServer;
  #underWay: { readonly access: Promise<Access>; readonly sinceMs: number } | undefined;
  #forgottenMs = -Infinity;

  constructor(server: ApiServer) {
    this.#server = server;
  }

  /** Never rejects. */
  get(deadlineMs: number, signal: AbortSignal | undefined): Promise<Access> {
    const access = this.#shared();
    return new Promise((resolve) => {
      const end = (given: Access): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        resolve(given);
      };
      const giveUp = (): void => {
        end({ kind: 'none', reason: 'given up' });
      };
      const timer = setTimeout(() => {
        end({ kind: 'none', reason: `the kubeconfig gave no credentials within ${deadlineMs / 1000} s` });
      }, deadlineMs);
      signal?.addEventListener('abort', giveUp);
      if (signal?.aborted === true) giveUp();
      else void access.then(end);
    });
  }

  /** The API server does not know them (401). */
  refused(): void {
    const nowMs = performance.now();
    if (nowMs - this.#forgottenMs < forgetMs) return;
    this.#forgottenMs = nowMs;
    this.#server.forget?.();
  }

  #shared(): Promise<Access> {
    const nowMs = performance.now();
    if (this.#underWay !== undefined && nowMs - this.#underWay.sinceMs < abandonMs) {
      return this.#underWay.access;
    }
    const access = this.#ask().finally(() => {
      if (this.#underWay?.access === access) this.#underWay = undefined;
    });
    this.#underWay = { access, sinceMs: nowMs };
    return access;
  }

  async #ask(): Promise<Access> {
    try {
      return { kind: 'access', value: await this.#server.access() };
    } catch {
      // The message may quote what a credential plugin printed.
      return { kind: 'none', reason: 'the credentials of the kubeconfig cannot be read' };
    }
  }
}
