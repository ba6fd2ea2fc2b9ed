import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../support/prometheus/free-port.js';
import { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import type { ClusterFolder } from '../../argo/cluster/cluster-folder.js';
import { kserveNamespace } from './kserve-settings.js';

/**
 * KServe's real controller. Its webhooks are served and not registered: whatever the schema allows is written as it
 * comes. Every kind that it shall see has to be declared before; it looks for each once.
 */
export async function startKserveManager(options: {
  readonly command: string;
  readonly folder: ClusterFolder;
}): Promise<LoopbackProcess> {
  const { command, folder } = options;
  const temporary = join(folder.path, 'kserve');
  const certificates = join(temporary, 'k8s-webhook-server', 'serving-certs');
  mkdirSync(certificates, { recursive: true });
  copyFileSync(folder.certFile, join(certificates, 'tls.crt'));
  copyFileSync(folder.keyFile, join(certificates, 'tls.key'));
  const health = `127.0.0.1:${await freePort()}`;
  return LoopbackProcess.start({
    name: 'kserve-manager',
    command,
    args: [
      `--metrics-addr=127.0.0.1:${await freePort()}`,
      `--webhook-port=${await freePort()}`,
      `--health-probe-addr=${health}`,
    ],
    readyUrl: `http://${health}/readyz`,
    install: 'build it with Go',
    cwd: folder.path,
    keptLines: 20_000,
    env: { KUBECONFIG: folder.kubeconfig, POD_NAMESPACE: kserveNamespace, TMPDIR: temporary },
  });
}
