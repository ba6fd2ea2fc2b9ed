import type { ClusterApi } from '../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { PromoteAction, RollBackAction, SetWeightAction } from '../../machine/action.js';
import type { Readiness, TargetState } from '../../machine/target-state.js';
import { statusConditionOf } from '../condition-of.js';
import { refused, type Plan } from '../plan.js';
import type { ResourceRules } from '../resource-target.js';
import { candidatesOf } from './candidates.js';
import { readCandidateModel, readCandidateModels } from './read-candidate-models.js';
import { planRollback, planShare } from './seldon-experiment-plans.js';
import type { SeldonExperimentSpec } from './seldon-experiment-spec.js';
import { firstVersionOfEdits, isOlder, readSeldonVersion } from './seldon-version.js';

/** The conditions say how it stood once, and no generation says of which spec. */
const unseenRoute =
  'the route itself cannot be seen from the Experiment: its weights are taken as they are written';

/**
 * An Experiment of Seldon Core v2: versions are its candidates. Nothing tells what the scheduler made of a change: that it was
 * written and that everything is ready is all there is, and the stabilisation of a stage is the time that it gets. For zero it
 * is that it was written: a candidate that is not ready, which is why it goes back more often than not, never would be.
 */
export class SeldonExperimentRules implements ResourceRules {
  readonly #spec: SeldonExperimentSpec;
  readonly #api: ClusterApi;
  /** Found to be new enough, or not to be found out: asked once. */
  #edits: 'unknown' | 'kept' | 'not-readable' = 'unknown';

  constructor(spec: SeldonExperimentSpec, api: ClusterApi) {
    this.#spec = spec;
    this.#api = api;
  }

  async observe(experiment: KubernetesObject, signal?: AbortSignal): Promise<TargetState> {
    const candidates = candidatesOf(experiment, this.#spec);
    const { stable, canary, percent, foreign } = candidates;
    if (stable === undefined && canary === undefined) {
      return { kind: 'undrivable', reason: `It has neither a stable candidate nor ${this.#spec.canary}.` };
    }
    const models = await readCandidateModels(this.#api, experiment, candidates, signal);
    if (models.kind !== 'read') return models;
    const tooOld = await this.#tooOld(experiment, signal);
    if (tooOld !== undefined) return { kind: 'undrivable', reason: tooOld };
    // Without weight it has no share of whoever has the traffic, also where that is not one that could be called stable.
    const isShared = canary !== undefined && (stable !== undefined || percent === 0);
    // Alone, and nobody else has weight: it is what is stable.
    const isPromoted = canary !== undefined && stable === undefined && foreign === null;
    const readiness = readinessOf(experiment);
    const isReady = readiness.kind === 'ready';
    const version = this.#edits !== 'kept' ? `; ${unreadVersion}` : '';
    return {
      kind: 'observed',
      uid: experiment.metadata.uid,
      fingerprint: models.fingerprint,
      stableFingerprint: models.stableFingerprint,
      isCarriedModel: true,
      configuredPercent: isShared ? percent : null,
      // Nothing is sent to a candidate without weight, whether it is ready or not: a rollback ends there.
      observedPercent: isShared && (isReady || percent === 0) ? percent : null,
      canary: isPromoted ? null : (canary?.name ?? null),
      stable: isPromoted ? canary.name : (stable?.name ?? null),
      readiness,
      foreignChange: foreign,
      note: `${unseenRoute}${version}`,
    };
  }

  setWeight(
    experiment: KubernetesObject,
    action: SetWeightAction,
    signal?: AbortSignal,
  ): Promise<Plan> | Plan {
    if (action.bringsModel)
      return refused('an Experiment cannot carry a new model: it names Models that are there');
    return this.#planShare(experiment, action, signal);
  }

  promote(experiment: KubernetesObject, action: PromoteAction, signal?: AbortSignal): Promise<Plan> {
    return this.#planShare(experiment, { ...action, toPercent: 100 }, signal);
  }

  /** Whatever the version: an edit that may not be kept is better than none. */
  async rollBack(experiment: KubernetesObject, action: RollBackAction, signal?: AbortSignal): Promise<Plan> {
    const { canary } = candidatesOf(experiment, this.#spec);
    const model = await readCandidateModel(this.#api, experiment, canary, signal);
    return model.kind === 'read'
      ? planRollback(experiment, action.expected, this.#spec, model.fingerprint)
      : model;
  }

  async #planShare(
    experiment: KubernetesObject,
    step: Parameters<typeof planShare>[1],
    signal: AbortSignal | undefined,
  ): Promise<Plan> {
    const tooOld = await this.#tooOld(experiment, signal);
    if (tooOld !== undefined) return refused(tooOld);
    const models = await this.#models(experiment, signal);
    return models.kind === 'read' ? planShare(experiment, step, this.#spec, models) : models;
  }

  #models(experiment: KubernetesObject, signal: AbortSignal | undefined) {
    return readCandidateModels(this.#api, experiment, candidatesOf(experiment, this.#spec), signal);
  }

  /** Why edits would not be kept; undefined: they are, as far as can be known. */
  async #tooOld(experiment: KubernetesObject, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (this.#edits !== 'unknown') return undefined;
    const read = await readSeldonVersion(this.#api, experiment.metadata.namespace ?? '', signal);
    if (read.kind === 'version' && isOlder(read.version, firstVersionOfEdits)) {
      return `Seldon Core ${read.version} adds the weights of an edited Experiment to those before: ${firstVersionOfEdits} or newer is needed.`;
    }
    if (read.kind !== 'unavailable') this.#edits = read.kind === 'version' ? 'kept' : 'not-readable';
    return undefined;
  }
}

const unreadVersion = `the version of Seldon Core could not be read, ${firstVersionOfEdits} or newer is needed`;

/** The candidates, and that they are routed. `Ready` of the whole is also that of a mirror, which is nobody's share. */
function readinessOf(experiment: KubernetesObject): Readiness {
  for (const type of ['CandidatesReady', 'ExperimentReady']) {
    const condition = statusConditionOf(experiment, type);
    if (condition?.status === 'True') continue;
    const text = condition?.text === undefined ? '' : `: ${condition.text}`;
    return { kind: 'not-ready', text: `${type} is ${condition?.status ?? 'not said'}${text}` };
  }
  return { kind: 'ready' };
}
