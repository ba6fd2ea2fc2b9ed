import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from '../config/config.js';
import { VerdictError } from '../domain/errors.js';
import { answerClientError } from './http/answer-client-error.js';
import type { Certificate } from './tls/read-certificate.js';

/** The server of a process, with or without TLS. */
export class Listener {
  readonly #server: Server | TlsServer;
  /** Every connection, also one that has not said anything yet: Node.js itself knows only those that speak HTTP. */
  readonly #sockets = new Set<Socket>();

  /** Node.js applies the timeouts of the config to connections that are made later. */
  constructor({ server, limits }: Config, certificate: Certificate | undefined, onRequest: RequestListener) {
    const timeouts = {
      requestTimeout: server.requestTimeoutMs,
      headersTimeout: Math.min(server.headersTimeoutMs, server.requestTimeoutMs),
      // How often the two are looked at; by default every 30 s, which a shorter timeout would not notice.
      connectionsCheckingInterval: Math.max(1, Math.min(1000, Math.floor(server.headersTimeoutMs / 2))),
      keepAliveTimeout: server.keepAliveTimeoutMs,
      // Nothing here depends on the host; Node.js would refuse a request without one with an empty body.
      requireHostHeader: false,
    };
    this.#server =
      certificate === undefined
        ? createServer(timeouts, onRequest)
        : createTlsServer(
            { ...timeouts, ...certificate.options, handshakeTimeout: timeouts.headersTimeout },
            onRequest,
          );
    this.#server.maxConnections = limits.connections;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('clientError', answerClientError);
    // An expectation that nobody knows may be overlooked; Node.js would refuse it with an empty body.
    this.#server.on('checkExpectation', onRequest);
  }

  /**
   * Resolves with the port once it listens.
   * @throws VerdictError `invalid-config` when it cannot listen there
   */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const refuse = (error: Error): void => {
        const reason = 'code' in error ? String(error.code) : error.message;
        const message = `the service cannot listen on ${host} port ${port}: ${reason}`;
        reject(new VerdictError('invalid-config', message, [], { cause: error }));
      };
      this.#server.once('error', refuse);
      this.#server.listen(port, host, () => {
        this.#server.off('error', refuse);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Shows another certificate from the next connection on. */
  renew({ options }: Certificate): void {
    if ('setSecureContext' in this.#server) this.#server.setSecureContext(options);
  }

  closeIdleConnections(): void {
    this.#server.closeIdleConnections();
  }

  /** Takes no new connection and resolves once the last is closed; those that are left after a time are cut. */
  close(graceMs: number, onCut: () => void): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        onCut();
        for (const socket of this.#sockets) socket.destroy();
      }, graceMs);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
