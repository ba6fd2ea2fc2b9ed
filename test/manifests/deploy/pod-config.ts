/** The config that the service has in a pod: from the mounted ConfigMap and the environment of image and pod. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../src/config/index.js';
import { valueOf } from '../../support/value-of.js';
import type { Cluster } from './cluster.js';

const dockerfile = readFileSync(fileURLToPath(new URL('../../../Dockerfile', import.meta.url)), 'utf8');

/** What the image sets. */
export const imageEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  [...dockerfile.matchAll(/\b([A-Z][A-Z_]+)=(\S+)(?= \\|$)/gm)]
    .filter(([, name = '']) => /^(ML_VERDICT_|NODE_ENV|SQLITE_)/.test(name))
    .map(([, name = '', value = '']) => [name, value]),
);

/** The text of the file that the container is told to read. Fails where nothing is mounted there. */
export function configText(cluster: Cluster): string {
  const { env, volumeMounts } = cluster.container;
  const path = env.find(({ name }) => name === 'ML_VERDICT_CONFIG')?.value ?? '';
  const mount = volumeMounts.find(({ mountPath }) => mountPath === posix.dirname(path));
  const volume = cluster.pod.volumes.find(({ name }) => name === mount?.name);
  const map = cluster.all('ConfigMap').find(({ metadata }) => metadata.name === volume?.configMap?.name);
  const text = map?.data[posix.basename(path)];
  if (text === undefined) throw new Error(`no ConfigMap is mounted with the config ${path}`);
  return text;
}

/** The config in force there. Fails with the mistakes of a config that is wrong. */
export function configOf(cluster: Cluster) {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-deploy-'));
  try {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, configText(cluster));
    const given = new Map(
      cluster.container.env.map(({ name, value }) => [name, value ?? secretInstead(name)]),
    );
    return valueOf(loadConfig({ file, env: { ...imageEnvironment, ...Object.fromEntries(given) } }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Something of the form that the variable has; the real one is in a Secret. */
function secretInstead(name: string): string {
  return name === 'DATABASE_URL' ? 'postgres://user:password@database.example.com:5432/ml_verdict' : 'secret';
}
