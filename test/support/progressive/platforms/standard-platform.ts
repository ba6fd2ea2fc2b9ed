import { MemoryCluster, type WrittenObject } from '../memory-cluster.js';
import type { Platform } from './platform.js';

interface Entry {
  readonly trafficPercent: number;
  readonly predictor: { readonly name: string; readonly [field: string]: unknown };
}

interface Spec {
  readonly predictor: { readonly name?: string; readonly [field: string]: unknown };
  readonly canary?: readonly Entry[];
}

const place = { namespace: 'ml', name: 'fraud-detector' } as const;
const reference = {
  group: 'serving.kserve.io',
  version: 'v1beta1',
  plural: 'inferenceservices',
  ...place,
} as const;

/** The kind of routes, to take it away. */
export const httpRoutes = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'httproutes',
} as const;

/** KServe in Standard mode with the Gateway API, of a version that splits the traffic. */
export class StandardPlatform implements Platform {
  readonly title = 'KServe, Standard mode';
  readonly cluster = new MemoryCluster();
  readonly reference = reference;
  readonly target = {
    kserve: { name: 'fraud-detector', canary: 'v2', newModel: { storageUri: 'gs://models/fraud/v2' } },
  };
  readonly carries = true;
  readonly stable = 'fraud-detector-predictor';
  readonly canary = 'fraud-detector-v2-predictor';
  readonly promotedPercent = null;
  canBeReady = true;
  /** Whether the installed version writes weights at all: 0.20.0 does not. */
  splits = true;

  constructor() {
    this.cluster.put(reference, {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: {
        uid: '4d1f9c5e-0b6a-4c55-8c43-6a2f6a3f0002',
        annotations: { 'serving.kserve.io/deploymentMode': 'Standard', 'example.com/note': 'keep me' },
      },
      spec: {
        predictor: {
          minReplicas: 4,
          model: { modelFormat: { name: 'sklearn' }, storageUri: 'gs://models/fraud/v1' },
        },
      },
    });
    this.reconcile();
  }

  applyCanary(percent: number): void {
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'gs://models/fraud/v2' };
    this.editSpec((spec) => ({
      ...spec,
      canary: [{ trafficPercent: percent, predictor: { name: 'v2', minReplicas: 1, model } }],
    }));
  }

  applyNewerModel(): void {
    this.#editEntry((entry) => ({
      ...entry,
      predictor: {
        ...entry.predictor,
        model: { modelFormat: { name: 'sklearn' }, storageUri: 'gs://models/fraud/v3' },
      },
    }));
  }

  setPercent(percent: number): void {
    this.#editEntry((entry) => ({ ...entry, trafficPercent: percent }));
  }

  editSpec(change: (spec: Spec) => Spec): void {
    this.cluster.edit(reference, (object): WrittenObject => ({
      ...object,
      spec: change(object.spec as Spec),
    }));
  }

  reconcile(): void {
    const { predictor, canary = [] } = this.#spec();
    const stable =
      predictor.name === undefined
        ? 'fraud-detector-predictor'
        : `fraud-detector-${predictor.name}-predictor`;
    const served = this.canBeReady && this.splits ? canary : [];
    const given = served.reduce((sum, entry) => sum + entry.trafficPercent, 0);
    const backends = [
      { kind: 'Service', name: stable, port: 80, weight: 100 - given },
      ...served.map((entry) => ({
        kind: 'Service',
        name: `fraud-detector-${entry.predictor.name}-predictor`,
        port: 80,
        weight: entry.trafficPercent,
      })),
    ];
    for (const name of ['fraud-detector', stable]) this.#writeRoute(name, backends);
    this.cluster.setStatus(reference, {
      deploymentMode: 'Standard',
      observedGeneration: 2,
      canaryStatuses: canary.map((entry) => ({
        name: entry.predictor.name,
        ready: this.canBeReady,
        trafficPercent: entry.trafficPercent,
        modelStatus: this.canBeReady
          ? { transitionStatus: 'UpToDate' }
          : {
              transitionStatus: 'BlockedByFailedLoad',
              lastFailureInfo: { reason: 'ModelLoadFailed', message: 'no such object in the bucket' },
            },
      })),
      conditions: [
        { type: 'IngressReady', status: 'True' },
        { type: 'PredictorReady', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
    });
  }

  #writeRoute(name: string, backendRefs: readonly object[]): void {
    const route = { ...httpRoutes, namespace: 'ml', name };
    const written = this.cluster.put(route, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      spec: { rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs }] },
    });
    const observedGeneration = written.metadata.generation;
    this.cluster.setStatus(route, {
      parents: [
        {
          parentRef: { name: 'kserve-ingress-gateway', namespace: 'kserve' },
          conditions: [
            { type: 'Accepted', status: 'True', observedGeneration },
            { type: 'ResolvedRefs', status: 'True', observedGeneration },
          ],
        },
      ],
    });
  }

  #spec(): Spec {
    return this.cluster.read(reference)?.spec as Spec;
  }

  #editEntry(change: (entry: Entry) => Entry): void {
    this.editSpec((spec) => ({ ...spec, canary: (spec.canary ?? []).map(change) }));
  }
}
