import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ApiAnswer, ApiFailure, ClusterApi } from '../../../../src/progressive/cluster/cluster-api.js';
import type { PatchOperation } from '../../../../src/progressive/cluster/patch-operation.js';

const statuses: Readonly<Record<ApiFailure['kind'], number>> = {
  'not-found': 404,
  conflict: 409,
  invalid: 422,
  forbidden: 403,
  unavailable: 503,
};

const address = /^\/apis\/([^/]+)\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/(status))?$/;

/** A cluster in memory behind the address of an API server, so that a command line can be run on it. */
export class MemoryClusterServer {
  /** For what a test writes. */
  readonly folder = mkdtempSync(join(tmpdir(), 'ml-verdict-rollout-'));
  readonly #server: Server;
  readonly #api: ClusterApi;

  private constructor(api: ClusterApi) {
    this.#api = api;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(api: ClusterApi): Promise<MemoryClusterServer> {
    const opened = new MemoryClusterServer(api);
    await new Promise<void>((resolve) => opened.#server.listen(0, '127.0.0.1', resolve));
    const { port } = opened.#server.address() as AddressInfo;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
        },
      ],
      users: [{ name: 'u', user: { token: 'token' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'ml' } }],
      'current-context': 'x',
    };
    writeFileSync(opened.kubeconfig, JSON.stringify(config));
    return opened;
  }

  get kubeconfig(): string {
    return join(this.folder, 'kubeconfig.yaml');
  }

  /** Writes a file; its path. */
  write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const answer = await this.#answer(request.method ?? '', pathname, searchParams, body);
    const isOk = answer.kind === 'ok';
    const content = isOk ? answer.value : { kind: 'Status', message: answer.reason };
    response.writeHead(isOk ? 200 : statuses[answer.kind], { 'content-type': 'application/json' });
    response.end(JSON.stringify(content));
  }

  async #answer(
    method: string,
    path: string,
    query: URLSearchParams,
    body: string,
  ): Promise<ApiAnswer<unknown>> {
    const [, group = '', version = '', namespace = '', plural = '', name] = address.exec(path) ?? [];
    const kind = { group, version, plural };
    const options = { dryRun: query.get('dryRun') === 'All' };
    if (name === undefined) {
      if (method === 'POST') return this.#api.create(kind, namespace, JSON.parse(body) as object, options);
      const listed = await this.#api.list(kind, { namespace: namespace === '' ? undefined : namespace });
      if (listed.kind !== 'ok') return listed;
      const { items, resourceVersion } = listed.value;
      return { kind: 'ok', value: { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion }, items } };
    }
    const reference = { ...kind, namespace, name };
    switch (method) {
      case 'PATCH':
        return this.#api.patch(reference, JSON.parse(body) as PatchOperation[], options);
      case 'PUT':
        return this.#api.replace(reference, JSON.parse(body) as object, options);
      default:
        return this.#api.get(reference);
    }
  }
}
