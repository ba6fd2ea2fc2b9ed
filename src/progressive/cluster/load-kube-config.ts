import type { Cluster, KubeConfig as KubeConfigType } from '@kubernetes/client-node';
import { accessSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { failure, success, type Result } from '../../domain/result.js';
import type { ApiServer } from './api-server.js';
import { fileTokens } from './file-tokens.js';

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
  const place = placeOf(options);
  if (place.kind === 'none') {
    return refused('expected a kubeconfig: give one, set KUBECONFIG, or run in a pod with a service account');
  }
  const load = (): KubeConfigType => {
    const config = read(KubeConfig, place);
    if (options.context !== undefined) config.setCurrentContext(options.context);
    return config;
  };
  let config: KubeConfigType;
  try {
    config = load();
  } catch (error) {
    return refused(`${place.files.join(', ')} cannot be read as a kubeconfig${codeOf(error)}`);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const known = config.getContexts().map(({ name }) => name);
    const name = options.context ?? config.getCurrentContext();
    return refused(`expected the name of a context (${known.join(', ')}), got "${name}"`);
  }
  const objection = objectionTo(cluster, place.files.join(', '));
  if (objection !== undefined) return refused(objection);
  let held: KubeConfigType | undefined = config;
  return success({
    url: cluster.server.replace(/\/+$/, ''),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    access: async () => {
      held ??= load();
      const access: RequestOptions = {};
      await held.applyToHTTPSOptions(access);
      trimToken(access);
      // The library's own agent keeps no connection; through a proxy there is no other.
      if (cluster.proxyUrl === undefined) delete access.agent;
      return access;
    },
    // What a plugin or a file gave is remembered by the library: with a new one it is asked for anew.
    forget: () => {
      held = undefined;
    },
  });
}

/** @throws where a file is none, or cannot be read */
function read(KubeConfig: new () => KubeConfigType, { kind, files }: Place): KubeConfigType {
  const config = new KubeConfig();
  if (kind === 'pod') config.loadFromCluster();
  for (const [index, file] of files.entries()) {
    const one = index === 0 ? config : new KubeConfig();
    one.loadFromFile(file);
    readTokenFiles(one, file);
    if (one !== config) config.mergeConfig(one, true);
  }
  return config;
}

/** Users with a token in a file are told to the library in its own way, so that it reads the file again as time passes. */
function readTokenFiles(config: KubeConfigType, file: string): void {
  const tokens = fileTokens(file);
  if (tokens.size === 0) return;
  const users = config.getUsers().map((user) => {
    const tokenFile = tokens.get(user.name);
    // As in kubectl, the file counts more than a token beside it.
    return tokenFile === undefined
      ? user
      : { ...user, token: undefined, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
  config.loadFromOptions({
    clusters: config.getClusters(),
    contexts: config.getContexts(),
    users,
    currentContext: config.getCurrentContext(),
  });
}

/** A file mostly ends with a new line, which no header may hold. */
function trimToken(access: RequestOptions): void {
  const headers = access.headers as OutgoingHttpHeaders | undefined;
  const token = headers?.['Authorization'];
  if (typeof token === 'string') access.headers = { ...headers, Authorization: token.trim() };
}

function objectionTo({ name, server, skipTLSVerify }: Cluster, files: string): string | undefined {
  const scheme = URL.canParse(server) ? new URL(server).protocol : '';
  if (scheme !== 'http:' && scheme !== 'https:') {
    const place = files === '' ? '' : `${files}, `;
    return `${place}cluster.server of "${name}": expected an address such as "https://10.0.0.1:6443", got "${server}"`;
  }
  if (scheme === 'http:' && !skipTLSVerify) {
    return `expected a server with https, got ${server}; http needs insecure-skip-tls-verify: true`;
  }
  return undefined;
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
