/** Whole rollouts with the shipped files, on a cluster of any release. */
import { z } from 'zod';
import type { AnalysisRunState } from '../../cluster/analysis-run-state.js';
import type { ArgoCluster } from '../../cluster/argo-cluster.js';
import type { RolloutState } from '../../cluster/rollout-state.js';
import { shippedObjects } from '../../scenarios/shipped-files.js';
import { gated } from '../../scenarios/shipped-sets.js';
import type { Script } from '../scripted-service.js';

/** The name of the Rollout and of its model in the shipped files. */
export const rolloutName = 'fraud-detector';

/** An hour of holds takes a minute. */
const factor = 60;

const withinMs = 180_000;

/** What has to become of a Rollout, whatever the release. */
export interface RolloutCase {
  /** Of its namespace. */
  readonly name: string;
  /** What the service answers, for people. */
  readonly answers: string;
  /** For people. */
  readonly becomes: string;
  readonly script: Script;
  /** Whether its background run has dry-run metrics only. */
  readonly isShadow?: true;
  /** In place of the hour of holds. */
  readonly holds?: number;
  /** Follows it from the release of its second version on. */
  readonly follow: (rollout: FollowedRollout) => Promise<void>;
}

/** A Rollout whose second version is a canary now. */
export interface FollowedRollout {
  /** The hash of its first version. */
  readonly firstHash: string;
  readonly waitFor: (what: string, isThere: (state: RolloutState) => boolean) => Promise<RolloutState>;
  /** Waits for a run of a type, `Step` or `Background`, in a phase. */
  readonly waitForRun: (type: string, phase: string) => Promise<AnalysisRunState>;
  readonly runs: () => Promise<readonly AnalysisRunState[]>;
  readonly promote: () => Promise<void>;
}

const canaryRollout = z.looseObject({
  kind: z.literal('Rollout'),
  spec: z.looseObject({
    strategy: z.looseObject({ canary: z.looseObject({ analysis: z.looseObject({}) }) }),
  }),
});

/** Applies the files, waits for the first version, and releases the second one. */
export async function playRollout(
  one: RolloutCase,
  { cluster, url, token }: { readonly cluster: ArgoCluster; readonly url: string; readonly token: string },
): Promise<void> {
  const namespace = one.name;
  const waitFor: FollowedRollout['waitFor'] = (what, isThere) =>
    cluster.waitForRollout(namespace, rolloutName, isThere, { withinMs, what });
  const shortening = {
    factor,
    verdictUrl: url,
    ...(one.holds === undefined ? {} : { holds: one.holds }),
  };
  const files = gated.flatMap((file) => shippedObjects(file, shortening));
  await cluster.createNamespace(namespace);
  await cluster.apply(
    [
      ...['ml-verdict-token', 'ml-verdict-ingest-token'].map((name) => secret(name, token)),
      ...(one.isShadow === true ? files.map(inShadow) : files),
    ],
    { namespace },
  );
  const { stableHash } = await waitFor(
    'serving its first version',
    ({ phase, stableHash: hash }) => phase === 'Healthy' && hash !== '',
  );
  await cluster.newVersion(namespace, rolloutName, 'v2');
  await one.follow({
    firstHash: stableHash,
    waitFor,
    waitForRun: (type, phase) =>
      cluster.touchWhile(
        namespace,
        rolloutName,
        cluster.waitForAnalysisRun(namespace, (run) => run.type === type && run.phase === phase, {
          withinMs,
          what: `${type} and ${phase}`,
        }),
      ),
    runs: () => cluster.readAnalysisRuns(namespace),
    promote: () => cluster.promote(namespace, rolloutName),
  });
}

function secret(name: string, token: string): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { token } };
}

/** The background run of a Rollout with dry-run metrics only; any other object stays. */
function inShadow(object: object): object {
  const { data } = canaryRollout.safeParse(object);
  if (data === undefined) return object;
  const { spec } = data;
  const { canary } = spec.strategy;
  const analysis = { ...canary.analysis, dryRun: [{ metricName: '.*' }] };
  return { ...data, spec: { ...spec, strategy: { ...spec.strategy, canary: { ...canary, analysis } } } };
}
