import type { ClusterApi } from '../../cluster/cluster-api.js';
import { listAt, textAt } from '../json-at.js';

/** Before it, the share of an edited Experiment was added to what it had, not put in its place (Seldon issue 5181). */
export const firstVersionOfEdits = '2.8.4';

/** Where Seldon Core v2 is usually installed, when not beside the Experiment. */
const usualNamespaces: readonly string[] = ['seldon-mesh', 'seldon-system'];

/** Who gives out the routes comes first; the controller is of the same release. */
const workloads = [
  { plural: 'statefulsets', name: 'seldon-scheduler' },
  { plural: 'deployments', name: 'seldon-scheduler' },
  { plural: 'deployments', name: 'seldon-v2-controller-manager' },
  { plural: 'statefulsets', name: 'seldon-v2-controller-manager' },
] as const;

/** `not-readable`: nobody is there who would tell, or one may not look. `unavailable`: it may be told another time. */
export type SeldonVersion =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'not-readable' }
  | { readonly kind: 'unavailable' };

/** The version of Seldon Core v2 by the tag of its image. */
export async function readSeldonVersion(
  api: ClusterApi,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<SeldonVersion> {
  let isCertain = true;
  for (const place of new Set([namespace, ...usualNamespaces])) {
    for (const { plural, name } of workloads) {
      const answer = await api.get({ group: 'apps', version: 'v1', plural, namespace: place, name }, signal);
      if (answer.kind === 'unavailable') isCertain = false;
      if (answer.kind !== 'ok') continue;
      const images = listAt(answer.value, 'spec', 'template', 'spec', 'containers').map((container) =>
        versionOfImage(textAt(container, 'image') ?? ''),
      );
      const version = images.find((one) => one !== undefined);
      if (version !== undefined) return { kind: 'version', version };
    }
  }
  return { kind: isCertain ? 'not-readable' : 'unavailable' };
}

/** `2.8.3` of `docker.io/seldonio/seldon-scheduler:2.8.3`; undefined of a tag that is no version. */
export function versionOfImage(image: string): string | undefined {
  return /:v?(\d+\.\d+\.\d+)(?:[-+@][^/]*)?$/.exec(image)?.[1];
}

/** Whether a version is older than another, both of three numbers. */
export function isOlder(version: string, than: string): boolean {
  const numbers = version.split('.').map(Number);
  const others = than.split('.').map(Number);
  const at = numbers.findIndex((number, index) => number !== others[index]);
  return at >= 0 && (numbers[at] ?? 0) < (others[at] ?? 0);
}
