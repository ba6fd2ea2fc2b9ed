import { success, type Result } from '../../domain/result.js';
import { ApiConnection } from './api-connection.js';
import type { ClusterApi } from './cluster-api.js';
import type { ClusterWatch } from './cluster-watch.js';
import { KubernetesCluster, type RequestObserver } from './kubernetes-cluster.js';
import { KubernetesWatch } from './kubernetes-watch.js';
import { loadKubeConfig, type KubeConfigOptions } from './load-kube-config.js';

/** A cluster that can be asked, changed and followed. */
export interface OpenCluster {
  readonly api: ClusterApi;
  readonly watch: ClusterWatch;
  /** The API server's address. */
  readonly url: string;
  /** The namespace of the context or of the pod; undefined: none is said. */
  readonly namespace: string | undefined;
  /** Ends the connections. */
  close(): void;
}

/** Where the cluster is, and who listens. */
export interface OpenClusterOptions extends KubeConfigOptions {
  readonly now: () => number;
  readonly onRequest?: RequestObserver | undefined;
}

/** Opens a cluster; nothing is asked of it yet. Fails where no API server or no such context is configured. */
export async function openCluster(options: OpenClusterOptions): Promise<Result<OpenCluster>> {
  const loaded = await loadKubeConfig(options);
  if (!loaded.ok) return loaded;
  const connection = new ApiConnection(loaded.value);
  return success({
    api: new KubernetesCluster(connection, { onRequest: options.onRequest }),
    watch: new KubernetesWatch(connection, { now: options.now }),
    url: loaded.value.url,
    namespace: loaded.value.namespace,
    close: () => {
      connection.close();
    },
  });
}
