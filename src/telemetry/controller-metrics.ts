import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ControllerMetrics, CountedRollout } from '../progressive/controller/controller-metrics.js';
import { readBuildInfo } from './build-info.js';

/** So many rollouts have a series of their own. */
const mostShares = 1_000;

const notDriven: readonly string[] = ['promoted', 'rolled-back', 'failed', 'refused', 'in-use'];

/** What the controller counts, and the registry that shows it. */
export interface ControllerRegistry extends ControllerMetrics {
  readonly registry: Registry;
}

/** Makes the metrics of the controller on a registry of their own. */
export function createControllerMetrics({
  processMetrics,
}: {
  readonly processMetrics: boolean;
}): ControllerRegistry {
  const registry = new Registry();
  const registers = [registry];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const build = readBuildInfo();
  new Gauge({
    name: 'ml_verdict_build_info',
    help: 'Always 1; the version that is running is in the labels.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: build.version, node: process.versions.node }, 1);
  const leader = new Gauge({
    name: 'ml_verdict_controller_leader',
    help: 'Whether this replica drives the rollouts: 1, or 0 while another does.',
    registers,
  });
  const watching = new Gauge({
    name: 'ml_verdict_controller_watching',
    help: 'Whether the API server tells of the ModelRollouts, of every namespace that is watched: 1, or 0 while it does not of one of them, or another replica leads.',
    registers,
  });
  const rollouts = new Gauge({
    name: 'ml_verdict_rollouts',
    help: 'ModelRollouts by phase: waiting, shifting, stabilising, analysing, promoting, paused, rolling-back, promoted, rolled-back, failed; refused (not in order: nothing is driven), in-use (another one drives the same target: it waits for its end).',
    labelNames: ['phase'],
    registers,
  });
  const share = new Gauge({
    name: 'ml_verdict_rollout_percent',
    help: "The last confirmed share of the canary's traffic of rollouts that have not ended, of 1,000 of them at most.",
    labelNames: ['namespace', 'name'],
    registers,
  });
  const ends = new Counter({
    name: 'ml_verdict_rollout_ends_total',
    help: 'Rollouts that ended, by how (promoted, rolled-back, failed) and why (verdict, person, not-ready, nothing-to-roll-out, already-at-100, gone, superseded, undrivable, refused, canary-already-there, aborted; promoted: none).',
    labelNames: ['end', 'cause'],
    registers,
  });
  const patches = new Counter({
    name: 'ml_verdict_rollout_patches_total',
    help: 'Changes of targets by kind of target, kind of change (set-weight, roll-back, promote) and what came of them (done, conflict, refused, gone, unavailable).',
    labelNames: ['target', 'kind', 'result'],
    registers,
  });
  const verdicts = new Counter({
    name: 'ml_verdict_rollout_questions_total',
    help: 'Questions about a stage by what came of them: verdict, or unavailable (nobody answered).',
    labelNames: ['result'],
    registers,
  });
  const rounds = new Histogram({
    name: 'ml_verdict_rollout_round_duration_seconds',
    help: 'Time of one round of one rollout, by its end: again, ended, stale (somebody else wrote), gone, unavailable (the cluster did not answer).',
    labelNames: ['result'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const queue = new Gauge({
    name: 'ml_verdict_rollout_queue_depth',
    help: 'Rollouts that are due and wait for their round.',
    registers,
  });
  const requests = new Counter({
    name: 'ml_verdict_cluster_requests_total',
    help: 'Requests to the API server by verb (get, list, patch, create, replace) and result (ok, not-found, conflict, invalid, forbidden, unavailable); those of watches are not among them.',
    labelNames: ['verb', 'result'],
    registers,
  });
  const alerts = new Counter({
    name: 'ml_verdict_rollout_alerts_total',
    help: 'Deliveries of alerts by kind of receiver and what came of them: delivered, put-off (to be tried again), given-up, dropped (too many waited).',
    labelNames: ['receiver', 'result'],
    registers,
  });
  leader.set(0);
  watching.set(0);
  queue.set(0);
  const shares = new Set<string>();

  const showShare = (before: CountedRollout | null, after: CountedRollout | null): void => {
    const { namespace = '', name = '' } = after ?? before ?? {};
    const key = `${namespace}/${name}`;
    const isShown =
      after !== null && !notDriven.includes(after.phase) && (shares.has(key) || shares.size < mostShares);
    if (isShown) {
      shares.add(key);
      share.set({ namespace, name }, after.percent);
    } else if (shares.delete(key)) {
      share.remove({ namespace, name });
    }
  };

  return {
    registry,
    leading: (isLeading) => {
      leader.set(Number(isLeading));
      if (!isLeading) watching.set(0);
    },
    watching: (isUp) => {
      watching.set(Number(isUp));
    },
    rollout: (before, after) => {
      if (before !== null) rollouts.dec({ phase: before.phase });
      if (after !== null) rollouts.inc({ phase: after.phase });
      showShare(before, after);
    },
    ended: (end) => {
      ends.inc({ end: end.kind, cause: 'cause' in end ? end.cause : '' });
    },
    patched: (target, kind, result) => {
      patches.inc({ target, kind, result });
    },
    asked: (result) => {
      verdicts.inc({ result });
    },
    round: (seconds, result) => {
      rounds.observe({ result }, seconds);
    },
    queue: (waiting) => {
      queue.set(waiting);
    },
    request: (verb, result) => {
      requests.inc({ verb, result });
    },
    alert: (receiver, result) => {
      alerts.inc({ receiver, result });
    },
  };
}
