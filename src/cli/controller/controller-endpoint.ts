import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VerdictError } from '../../domain/errors.js';

/** What the endpoint shows. */
export interface EndpointParts {
  readonly host: string;
  readonly port: number;
  /** The metrics as text, and the type of that. */
  readonly metrics: () => Promise<{ readonly text: string; readonly type: string }>;
  /** Why it is not ready; undefined: it is. */
  readonly obstacle: () => string | undefined;
}

/** An endpoint that listens. */
export interface ControllerEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `/metrics`, `/healthz` (the process lives) and `/readyz` (the API server gives or shows it the Lease).
 * @throws VerdictError `invalid-config` where it cannot listen there
 */
export async function openEndpoint(parts: EndpointParts): Promise<ControllerEndpoint> {
  const server = createServer((request, response) => {
    void answer(parts, request.url ?? '').then(({ status, type, text }) => {
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : text);
    });
  });
  await listen(server, parts);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const plain = 'text/plain; charset=utf-8';

async function answer({ metrics, obstacle }: EndpointParts, url: string): Promise<Answer> {
  switch (url.split('?')[0]) {
    case '/metrics':
      return { status: 200, ...(await metrics()) };
    case '/healthz':
      return { status: 200, type: plain, text: 'ok\n' };
    case '/readyz': {
      const reason = obstacle();
      return reason === undefined
        ? { status: 200, type: plain, text: 'ok\n' }
        : { status: 503, type: plain, text: `${reason}\n` };
    }
    default:
      return { status: 404, type: plain, text: 'there are /metrics, /healthz and /readyz\n' };
  }
}

function listen(server: Server, { host, port }: EndpointParts): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = `the metrics cannot be shown on ${host} port ${port}: ${error.code ?? error.message}`;
      reject(new VerdictError('invalid-config', message, [], { cause: error }));
    });
    server.listen(port, host, () => {
      resolve();
    });
  });
}
