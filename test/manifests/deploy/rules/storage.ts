import type { Cluster } from '../cluster.js';
import type { ServerSettings } from '../../../../src/sources/prometheus/server/server-settings.js';
import { configOf } from '../pod-config.js';

/** Secrets that a person makes. */
export const externalSecrets = ['ml-verdict-tokens', 'ml-verdict-database', 'ml-verdict-prometheus'];

/** What is mounted exists, where the service reads or writes it; what two pods must not share they do not share. */
export function checkStorage(cluster: Cluster): readonly string[] {
  const { volumeMounts, env } = cluster.container;
  const { volumes } = cluster.pod;
  const config = configOf(cluster);
  const problems: string[] = [];
  const names = (kind: 'ConfigMap' | 'PersistentVolumeClaim') =>
    cluster.all(kind).map(({ metadata }) => metadata.name);

  const mounted = volumeMounts.map(({ name }) => name);
  const declared = volumes.map(({ name }) => name);
  for (const name of mounted)
    if (!declared.includes(name)) problems.push(`${name} is mounted, and no volume`);
  for (const name of declared)
    if (!mounted.includes(name)) problems.push(`the volume ${name} is not mounted`);
  for (const { name, configMap, secret, persistentVolumeClaim } of volumes) {
    if (configMap && !names('ConfigMap').includes(configMap.name))
      problems.push(`${name}: no such ConfigMap`);
    if (persistentVolumeClaim && !names('PersistentVolumeClaim').includes(persistentVolumeClaim.claimName)) {
      problems.push(`${name}: no such PersistentVolumeClaim`);
    }
    if (secret && !externalSecrets.includes(secret.secretName)) problems.push(`${name}: no such Secret`);
    const writes = volumeMounts.some((mount) => mount.name === name && !mount.readOnly);
    if (writes !== (persistentVolumeClaim !== undefined)) {
      problems.push(`${name}: only the volume of the ledger is writable`);
    }
  }
  for (const { mountPath, subPath } of volumeMounts) {
    if (subPath !== undefined) problems.push(`${mountPath}: changes do not arrive through a subPath`);
  }

  const secretFolders = volumeMounts
    .filter(({ name }) => volumes.find((volume) => volume.name === name)?.secret)
    .map(({ mountPath }) => `${mountPath}/`);
  const inSecret = (file: string): boolean => secretFolders.some((folder) => file.startsWith(folder));
  for (const file of config.access.tokens.flatMap(({ files }) => files)) {
    if (!inSecret(file)) problems.push(`the token file ${file} is in no mounted Secret`);
  }
  for (const server of config.prometheus.servers.values()) {
    for (const file of filesOf(server)) {
      if (!inSecret(file)) problems.push(`${server.name}: the file ${file} is in no mounted Secret`);
    }
  }

  const remote = env.some(({ name }) => name === 'DATABASE_URL');
  const { replicas, strategy } = cluster.only('Deployment').spec;
  const claims = cluster.all('PersistentVolumeClaim');
  if (remote) {
    if (claims.length > 0) problems.push('a claim is made that nothing is kept in');
    if (replicas < 2 || strategy?.rollingUpdate?.maxUnavailable !== 0) {
      problems.push('the service is away during an update');
    }
  } else if (claims.length > 0) {
    if (replicas !== 1 || strategy?.type !== 'Recreate') problems.push('two pods may write one ledger');
    if (!volumeMounts.some(({ name, mountPath }) => name === 'data' && mountPath === config.ledger.dataDir)) {
      problems.push(`nothing is mounted at ${config.ledger.dataDir}, where the ledger is`);
    }
  }
  return problems;
}

/** Every file that a server is asked with. */
function filesOf({ access, headers, tls }: ServerSettings): readonly string[] {
  const named = [...Object.entries(access), ...Object.entries(tls)].flatMap(([key, value]) =>
    key.endsWith('File') && typeof value === 'string' ? [value] : [],
  );
  const ofHeaders = Object.values(headers).flatMap((value) =>
    typeof value === 'string' ? [] : [value.file],
  );
  return [...named, ...ofHeaders];
}
