import type { RequestOptions } from 'node:https';

/** An API server, and how it is spoken to. */
export interface ApiServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** The namespace of the context or of the pod; undefined: none is said. */
  readonly namespace: string | undefined;
  /**
   * Certificates and headers for one request, read again where they may have changed.
   * @throws Error whose message may hold a credential: it is not to be shown
   */
  access(): Promise<RequestOptions>;
  /** The credentials were not taken: whatever is remembered of them is to be had anew. */
  forget?(): void;
}
