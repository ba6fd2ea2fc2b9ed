import type { Cluster } from '../cluster.js';
import { checkHardening } from './hardening.js';
import { checkPlacement } from './placement.js';
import { checkPorts } from './ports.js';
import { checkSelectors } from './selectors.js';
import { checkStorage } from './storage.js';
import { checkUpstreams } from './upstreams.js';

const rules = [checkSelectors, checkPorts, checkStorage, checkHardening, checkPlacement, checkUpstreams];

/** What does not fit together in a built Kustomization. */
export function checkCluster(cluster: Cluster): readonly string[] {
  return rules.flatMap((rule) => rule(cluster));
}
