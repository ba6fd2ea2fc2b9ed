import { MemoryCluster, type WrittenObject } from '../memory-cluster.js';
import type { Platform } from './platform.js';

interface Spec {
  readonly default?: string;
  readonly candidates: readonly { readonly name: string; readonly weight: number }[];
  readonly mirror?: { readonly name: string; readonly percent: number };
}

const group = { group: 'mlops.seldon.io', version: 'v1alpha1', namespace: 'ml' } as const;
const reference = { ...group, plural: 'experiments', name: 'fraud' } as const;

export const scheduler = {
  group: 'apps',
  version: 'v1',
  plural: 'statefulsets',
  namespace: 'seldon-mesh',
  name: 'seldon-scheduler',
} as const;

/** Seldon Core v2 with an Experiment between two Models. */
export class SeldonExperimentPlatform implements Platform {
  readonly title = 'Seldon Core v2';
  readonly cluster = new MemoryCluster();
  readonly reference = reference;
  readonly target = { seldonExperiment: { name: 'fraud', canary: 'fraud-v2' } };
  readonly carries = false;
  readonly stable = 'fraud-v1';
  readonly canary = 'fraud-v2';
  readonly promotedPercent = 100;
  canBeReady = true;

  constructor(version = '2.10.2') {
    this.installVersion(version);
    this.#putModel('fraud-v1', 'gs://models/fraud/v1');
    this.#putModel('fraud-v2', 'gs://models/fraud/v2');
    this.cluster.put(reference, {
      apiVersion: 'mlops.seldon.io/v1alpha1',
      kind: 'Experiment',
      metadata: {
        uid: '4d1f9c5e-0b6a-4c55-8c43-6a2f6a3f0004',
        annotations: { 'example.com/note': 'keep me' },
      },
      spec: {
        default: 'fraud-v1',
        candidates: [{ name: 'fraud-v1', weight: 100 }],
        mirror: { name: 'fraud-dark', percent: 20 },
      },
    });
    this.reconcile();
  }

  installVersion(version: string): void {
    const image = `docker.io/seldonio/seldon-scheduler:${version}`;
    this.cluster.put(scheduler, {
      kind: 'StatefulSet',
      spec: { template: { spec: { containers: [{ name: 'scheduler', image }] } } },
    });
  }

  applyCanary(percent: number): void {
    this.edit((spec) => ({
      ...spec,
      candidates: [
        { name: 'fraud-v1', weight: 100 - percent },
        { name: 'fraud-v2', weight: percent },
      ],
    }));
  }

  applyNewerModel(): void {
    this.#putModel('fraud-v2', 'gs://models/fraud/v3');
  }

  setPercent(percent: number): void {
    this.applyCanary(percent);
  }

  edit(change: (spec: Spec) => Spec): void {
    this.cluster.edit(reference, (object): WrittenObject => ({
      ...object,
      spec: change(object.spec as Spec),
    }));
  }

  reconcile(): void {
    const status = this.canBeReady ? 'True' : 'False';
    this.cluster.setStatus(reference, {
      conditions: [
        {
          type: 'CandidatesReady',
          status,
          ...(this.canBeReady ? {} : { message: 'fraud-v2 is not loaded' }),
        },
        { type: 'ExperimentReady', status },
        { type: 'MirrorReady', status: 'True' },
        { type: 'Ready', status },
      ],
    });
  }

  #putModel(name: string, storageUri: string): void {
    this.cluster.put(
      { ...group, plural: 'models', name },
      { kind: 'Model', spec: { storageUri, requirements: ['sklearn'], replicas: 1 } },
    );
  }
}
