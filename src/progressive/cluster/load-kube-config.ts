import { accessSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { failure, success, type Result } from '../../domain/result.js';
import type { ApiServer } from './api-server.js';

/** Which cluster is meant. */
export interface KubeConfigOptions {
  /** Path of a kubeconfig; absent: `KUBECONFIG`, the pod that this runs in, `~/.kube/config`. */
  readonly file?: string | undefined;
  /** Name of a context in it; absent: the current one. */
  readonly context?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const podToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Finds the API server and the credentials for it, as kubectl does. The client library is loaded here and nowhere else: it
 * takes most of a second and 70 MB, which no other command has to pay for.
 */
export async function loadKubeConfig(options: KubeConfigOptions): Promise<Result<ApiServer>> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const place = placeOf(options);
  try {
    if (place.kind === 'none') {
      return refused(
        'expected a kubeconfig: give one, set KUBECONFIG, or run in a pod with a service account',
      );
    }
    if (place.kind === 'pod') config.loadFromCluster();
    for (const [index, file] of place.files.entries()) {
      if (index === 0) {
        config.loadFromFile(file);
        continue;
      }
      const more = new KubeConfig();
      more.loadFromFile(file);
      config.mergeConfig(more, true);
    }
  } catch (error) {
    return refused(`${place.files.join(', ')} cannot be read as a kubeconfig${codeOf(error)}`);
  }
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const known = config.getContexts().map(({ name }) => name);
    const name = options.context ?? config.getCurrentContext();
    return refused(`expected the name of a context (${known.join(', ')}), got "${name}"`);
  }
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify) {
    return refused(
      `expected a server with https, got ${cluster.server}; http needs insecure-skip-tls-verify: true`,
    );
  }
  return success({
    url: cluster.server.replace(/\/+$/, ''),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    access: async () => {
      const access: RequestOptions = {};
      await config.applyToHTTPSOptions(access);
      // The library's own agent keeps no connection; through a proxy there is no other.
      if (cluster.proxyUrl === undefined) delete access.agent;
      return access;
    },
  });
}

type Place =
  | { readonly kind: 'files' | 'pod'; readonly files: readonly string[] }
  | { readonly kind: 'none'; readonly files: readonly string[] };

function placeOf({ file, env }: KubeConfigOptions): Place {
  if (file !== undefined) return { kind: 'files', files: [file] };
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (named.length > 0) return { kind: 'files', files: named };
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined && isThere(podToken)) return { kind: 'pod', files: [] };
  const own = join(env['HOME'] ?? homedir(), '.kube', 'config');
  return isThere(own) ? { kind: 'files', files: [own] } : { kind: 'none', files: [] };
}

function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

function refused(message: string): Result<ApiServer> {
  return failure([{ path: 'kubeconfig', message }]);
}

/** What the system calls it; never the message, which may quote the file. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? `: ${String(error.code)}` : '';
}
