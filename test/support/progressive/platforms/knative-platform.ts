import { isDeepStrictEqual } from 'node:util';
import { MemoryCluster, type WrittenObject } from '../memory-cluster.js';
import type { Platform } from './platform.js';

interface Predictor {
  canaryTrafficPercent?: number;
  readonly model: Readonly<Record<string, unknown>>;
}

const reference = {
  group: 'serving.kserve.io',
  version: 'v1beta1',
  plural: 'inferenceservices',
  namespace: 'ml',
  name: 'fraud-detector',
} as const;

/** KServe in Knative mode, its status as the real manager writes it. */
export class KnativePlatform implements Platform {
  readonly title = 'KServe, Knative mode';
  readonly cluster = new MemoryCluster();
  readonly reference = reference;
  readonly target = {
    kserve: { name: 'fraud-detector', newModel: { storageUri: 'gs://models/fraud/v2' } },
  };
  readonly carries = true;
  readonly stable = 'fraud-detector-predictor-00001';
  readonly canary = 'fraud-detector-predictor-00002';
  readonly promotedPercent = null;
  canBeReady = true;
  #revisions: { readonly name: string; readonly template: unknown }[] = [];
  #ready = '';
  #rolledOut = '';
  #previous = '';

  constructor() {
    this.cluster.put(reference, {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: {
        uid: '4d1f9c5e-0b6a-4c55-8c43-6a2f6a3f0001',
        labels: { team: 'payments' },
        annotations: { 'serving.kserve.io/deploymentMode': 'Serverless', 'example.com/note': 'keep me' },
      },
      spec: {
        predictor: {
          minReplicas: 1,
          model: {
            modelFormat: { name: 'sklearn' },
            protocolVersion: 'v2',
            storageUri: 'gs://models/fraud/v1',
          },
        },
      },
    });
    this.reconcile();
  }

  applyCanary(percent: number): void {
    this.#applyModel('gs://models/fraud/v2', percent);
  }

  applyNewerModel(): void {
    this.#applyModel('gs://models/fraud/v3', this.#predictor().canaryTrafficPercent);
  }

  setPercent(percent: number): void {
    this.#edit((predictor) => ({ ...predictor, canaryTrafficPercent: percent }));
  }

  reconcile(): void {
    const { canaryTrafficPercent, ...template } = this.#predictor();
    const newest = this.#revisions.at(-1);
    if (newest === undefined || !isDeepStrictEqual(newest.template, template)) {
      const number = String(this.#revisions.length + 1).padStart(5, '0');
      this.#revisions.push({ name: `fraud-detector-predictor-${number}`, template });
    }
    const created = this.#revisions.at(-1)?.name ?? '';
    if (this.canBeReady || this.#ready === '') this.#ready = created;
    const percent = this.#rolledOut === '' ? 100 : (canaryTrafficPercent ?? 100);
    if (percent === 100 && this.#ready !== this.#rolledOut) {
      this.#previous = this.#rolledOut;
      this.#rolledOut = this.#ready;
    }
    this.cluster.setStatus(reference, this.#status(created, percent));
  }

  #status(created: string, percent: number): object {
    const isReady = created === this.#ready;
    const latest = { latestRevision: true, percent, revisionName: this.#ready };
    const kept = { percent: 100 - percent, revisionName: this.#rolledOut, tag: 'prev' };
    const transition = this.canBeReady ? 'InProgress' : 'BlockedByFailedLoad';
    return {
      deploymentMode: 'Serverless',
      observedGeneration: 7,
      components: {
        predictor: {
          latestCreatedRevision: created,
          latestReadyRevision: this.#ready,
          latestRolledoutRevision: this.#rolledOut,
          ...(this.#previous === '' ? {} : { previousRolledoutRevision: this.#previous }),
          traffic: percent < 100 ? [latest, kept] : [latest],
        },
      },
      conditions: [
        { type: 'PredictorConfigurationReady', status: isReady ? 'True' : 'False', severity: 'Info' },
        { type: 'PredictorReady', status: isReady ? 'True' : 'False' },
        { type: 'PredictorRouteReady', status: 'True', severity: 'Info' },
        { type: 'Ready', status: isReady ? 'True' : 'False' },
      ],
      modelStatus: {
        transitionStatus: transition,
        states: { activeModelState: '', targetModelState: this.canBeReady ? 'Pending' : 'FailedToLoad' },
        ...(this.canBeReady
          ? {}
          : { lastFailureInfo: { reason: 'ModelLoadFailed', message: 'no such object in the bucket' } }),
      },
    };
  }

  #predictor(): Predictor {
    const { spec } = this.cluster.read(reference) as unknown as {
      readonly spec: { readonly predictor: Predictor };
    };
    return spec.predictor;
  }

  #edit(change: (predictor: Predictor) => Predictor): void {
    this.cluster.edit(reference, (object): WrittenObject => ({
      ...object,
      spec: { predictor: change(this.#predictor()) },
    }));
  }

  #applyModel(storageUri: string, percent: number | undefined): void {
    this.#edit(({ model, ...rest }) => ({
      ...rest,
      model: { ...model, storageUri },
      ...(percent === undefined ? {} : { canaryTrafficPercent: percent }),
    }));
  }
}
