import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../cluster.js';

const dockerfile = readFileSync(fileURLToPath(new URL('../../../../Dockerfile', import.meta.url)), 'utf8');
const imageUser = Number(/^USER (\d+):/m.exec(dockerfile)?.[1]);

/** The "restricted" Pod Security Standard, a root that cannot be written, and no way into the cluster. */
export function checkHardening(cluster: Cluster): readonly string[] {
  const { pod, container } = cluster;
  const expected: readonly (readonly [string, unknown, unknown])[] = [
    ['runAsNonRoot', pod.securityContext['runAsNonRoot'], true],
    ['runAsUser', pod.securityContext['runAsUser'], imageUser],
    ['runAsGroup', pod.securityContext['runAsGroup'], imageUser],
    ['fsGroup', pod.securityContext['fsGroup'], imageUser],
    ['seccompProfile', pod.securityContext['seccompProfile'], { type: 'RuntimeDefault' }],
    ['readOnlyRootFilesystem', container.securityContext['readOnlyRootFilesystem'], true],
    ['allowPrivilegeEscalation', container.securityContext['allowPrivilegeEscalation'], false],
    ['privileged', container.securityContext['privileged'], false],
    ['capabilities', container.securityContext['capabilities'], { drop: ['ALL'] }],
    ['automountServiceAccountToken', pod.automountServiceAccountToken, false],
    ['enableServiceLinks', pod.enableServiceLinks, false],
    ['limits', Object.keys(container.resources.limits), ['memory']],
    ['requests', Object.keys(container.resources.requests).sort(), ['cpu', 'memory']],
  ];
  const secrets = pod.volumes.flatMap(({ secret }) => (secret ? [secret.defaultMode] : []));
  const account = cluster.only('ServiceAccount');
  // Together: each lets through what the others do not.
  const policies = cluster.all('NetworkPolicy').map(({ spec }) => spec);
  const directions = new Set(policies.flatMap(({ policyTypes }) => policyTypes));
  return [
    ...expected
      .filter(([, found, wanted]) => !isDeepStrictEqual(found, wanted))
      .map(([what, found]) => `${what} is ${JSON.stringify(found)}`),
    // 0440 in octal, which YAML 1.1 reads as 288.
    ...secrets
      .filter((mode) => mode !== 0o440)
      .map((mode) => `the Secret's files have the mode ${String(mode)}`),
    ...(account.automountServiceAccountToken ? ['the ServiceAccount mounts its token'] : []),
    ...(account.metadata.name === pod.serviceAccountName ? [] : ['no such ServiceAccount']),
    ...(isDeepStrictEqual([...directions].sort(), ['Egress', 'Ingress'])
      ? []
      : ['the NetworkPolicy leaves a direction open']),
    ...(policies.some(({ ingress }) => ingress.some(({ from }) => from.length === 0))
      ? ['everybody may come in']
      : []),
    ...(policies.some(({ egress }) => egress.some(({ ports }) => ports.length === 0))
      ? ['it may go out to any port']
      : []),
  ];
}
