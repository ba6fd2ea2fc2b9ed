/** The processes that keep and move the objects of a cluster. */
import { join } from 'node:path';
import { freePort } from '../../../support/prometheus/free-port.js';
import { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { ApiClient } from './api-client.js';
import type { ClusterFolder } from './cluster-folder.js';

/** The database of the API server; the answer includes where it listens. */
export async function startEtcd(
  folder: ClusterFolder,
): Promise<{ readonly url: string; readonly process: LoopbackProcess }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const process = await LoopbackProcess.start({
    name: 'etcd',
    command: 'etcd',
    args: [
      `--data-dir=${join(folder.path, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      '--listen-peer-urls=http://127.0.0.1:0',
    ],
    readyUrl: `${url}/health`,
    install: 'apt-get install --no-install-recommends etcd-server',
    cwd: folder.path,
  });
  return { url, process };
}

export function startApiServer(options: {
  readonly command: string;
  readonly folder: ClusterFolder;
  readonly etcdUrl: string;
  readonly api: ApiClient;
  /** Beside the usual ones. */
  readonly flags?: readonly string[];
}): Promise<LoopbackProcess> {
  const { folder } = options;
  return LoopbackProcess.start({
    name: 'kube-apiserver',
    command: options.command,
    args: [
      `--etcd-servers=${options.etcdUrl}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${new URL(folder.access.url).port}`,
      `--tls-cert-file=${folder.certFile}`,
      `--tls-private-key-file=${folder.keyFile}`,
      `--cert-dir=${folder.path}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      // An address of the loopback is no endpoint that it would announce.
      '--endpoint-reconciler-type=none',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${folder.accountKeyFile}`,
      `--service-account-signing-key-file=${folder.accountKeyFile}`,
      `--token-auth-file=${folder.tokenFile}`,
      '--authorization-mode=RBAC',
      // Nobody makes the accounts that it would ask for.
      '--disable-admission-plugins=ServiceAccount',
      '--enable-priority-and-fairness=false',
      ...(options.flags ?? []),
    ],
    readyUrl: `${folder.access.url}/readyz`,
    statusOf: () => options.api.statusOf('/readyz'),
    install: 'build it with Go',
    cwd: folder.path,
  });
}

/** Makes pods of ReplicaSets and clears up what has lost its owner. */
export async function startControllerManager(options: {
  readonly command: string;
  readonly folder: ClusterFolder;
}): Promise<LoopbackProcess> {
  const { folder } = options;
  const url = `https://127.0.0.1:${await freePort()}`;
  const health = new ApiClient({ ...folder.access, url });
  const controllers = [
    'replicaset-controller',
    'deployment-controller',
    'garbage-collector-controller',
    'namespace-controller',
    'endpointslice-controller',
    'job-controller',
  ];
  return LoopbackProcess.start({
    name: 'kube-controller-manager',
    command: options.command,
    args: [
      `--kubeconfig=${folder.kubeconfig}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${new URL(url).port}`,
      `--tls-cert-file=${folder.certFile}`,
      `--tls-private-key-file=${folder.keyFile}`,
      `--controllers=${controllers.join(',')}`,
      `--service-account-private-key-file=${folder.accountKeyFile}`,
      // Many rollouts go on at once.
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ],
    readyUrl: `${url}/healthz`,
    statusOf: () => health.statusOf('/healthz'),
    install: 'build it with Go',
    cwd: folder.path,
  });
}
