import { MemoryCluster, type WrittenObject } from '../memory-cluster.js';
import type { Platform } from './platform.js';

interface Predictor {
  readonly name: string;
  readonly traffic?: number;
  readonly shadow?: boolean;
  readonly graph: Readonly<Record<string, unknown>>;
}

const place = { namespace: 'ml', name: 'fraud-detector' } as const;
const reference = {
  group: 'machinelearning.seldon.io',
  version: 'v1',
  plural: 'seldondeployments',
  ...place,
} as const;

export const virtualServices = {
  group: 'networking.istio.io',
  version: 'v1beta1',
  plural: 'virtualservices',
} as const;
export const mappings = { group: 'getambassador.io', version: 'v2', plural: 'mappings' } as const;

function graphOf(version: string) {
  return { name: 'classifier', implementation: 'SKLEARN_SERVER', modelUri: `gs://models/fraud/${version}` };
}

/**
 * Seldon Core v1 behind Istio, or behind Ambassador with Mappings. A shadow is there from the start. As the operator does, it
 * writes routes only in a pass in which every Deployment is ready.
 */
export class SeldonDeploymentPlatform implements Platform {
  readonly title: string;
  readonly cluster = new MemoryCluster();
  readonly reference = reference;
  readonly target = {
    seldonDeployment: {
      name: 'fraud-detector',
      stable: 'main',
      canary: 'canary',
      newPredictor: { replicas: 1, graph: graphOf('v2') },
    },
  };
  readonly carries = true;
  readonly stable = 'main';
  readonly canary = 'canary';
  readonly promotedPercent = 100;
  canBeReady = true;
  /** Other predictors whose pods are not there. */
  readonly down = new Set<string>();
  /** What the operator fails at in its passes; null: nothing. */
  failure: string | null = null;
  /** What each predictor last was when all of it was there: what was there once is not given up by Kubernetes. */
  readonly #wasThere = new Map<string, string>();
  readonly #ingress: 'istio' | 'ambassador';

  constructor(ingress: 'istio' | 'ambassador' = 'istio') {
    this.title = `Seldon Core v1 behind ${ingress}`;
    this.#ingress = ingress;
    // The webhook of the operator, without which any sum would do.
    this.cluster.admit(reference, (object) => {
      const split = (object.spec as { readonly predictors: readonly Predictor[] }).predictors.filter(
        (one) => one.shadow !== true,
      );
      const sum = split.reduce((total, { traffic = 0 }) => total + traffic, 0);
      const isRight = sum === 100 || (split.length === 1 && sum === 0);
      return isRight ? undefined : 'Traffic should sum to 100';
    });
    this.cluster.put(reference, {
      apiVersion: 'machinelearning.seldon.io/v1',
      kind: 'SeldonDeployment',
      metadata: {
        uid: '4d1f9c5e-0b6a-4c55-8c43-6a2f6a3f0003',
        annotations: { 'example.com/note': 'keep me' },
      },
      spec: {
        protocol: 'seldon',
        predictors: [
          { name: 'main', replicas: 2, traffic: 100, graph: graphOf('v1') },
          { name: 'dark', shadow: true, traffic: 30, graph: graphOf('v9') },
        ],
      },
    });
    this.reconcile();
  }

  applyCanary(percent: number): void {
    this.edit((predictors) => [
      ...this.#withTraffic(predictors, 'main', 100 - percent),
      { name: 'canary', replicas: 1, traffic: percent, graph: graphOf('v2') } as Predictor,
    ]);
  }

  applyNewerModel(): void {
    this.edit((predictors) =>
      predictors.map((one) => (one.name === 'canary' ? { ...one, graph: graphOf('v3') } : one)),
    );
  }

  setPercent(percent: number): void {
    this.edit((predictors) =>
      this.#withTraffic(this.#withTraffic(predictors, 'canary', percent), 'main', 100 - percent),
    );
  }

  edit(change: (predictors: readonly Predictor[]) => readonly Predictor[]): void {
    this.cluster.edit(reference, (object): WrittenObject => {
      const spec = object.spec as { readonly predictors: readonly Predictor[] };
      return { ...object, spec: { ...spec, predictors: change(spec.predictors) } };
    });
  }

  reconcile(): void {
    const predictors = this.#predictors();
    if (this.failure !== null) {
      const { status } = this.cluster.read(reference) ?? {};
      this.cluster.setStatus(reference, {
        ...(status as object),
        state: 'Failed',
        description: this.failure,
      });
      return;
    }
    const missing = predictors.filter(({ name }) => !this.#isThere(name));
    if (missing.length === 0) this.#writeRoutes(predictors);
    for (const one of predictors.filter((other) => !missing.includes(other))) {
      this.#wasThere.set(one.name, JSON.stringify(one.graph));
    }
    // Only of the first that is not ready it is asked whether it was given up.
    const [first] = missing;
    const isGivenUp = first !== undefined && this.#wasThere.get(first.name) !== JSON.stringify(first.graph);
    this.cluster.setStatus(reference, {
      state: first === undefined ? 'Available' : isGivenUp ? 'Failed' : 'Creating',
      ...(isGivenUp ? { description: 'Deployment is no longer progressing and not available.' } : {}),
      deploymentStatus: Object.fromEntries(
        predictors.map((one) => [
          `fraud-detector-${one.name}-0-classifier`,
          { replicas: 1, ...(missing.includes(one) ? {} : { availableReplicas: 1 }) },
        ]),
      ),
    });
  }

  #isThere(name: string): boolean {
    return !this.down.has(name) && (name !== 'canary' || this.canBeReady);
  }

  #writeRoutes(predictors: readonly Predictor[]): void {
    const split = predictors.filter((one) => one.shadow !== true);
    if (this.#ingress === 'istio') this.#writeVirtualService(split);
    else for (const one of split) this.#writeMappings(one, predictors.indexOf(one));
  }

  #writeVirtualService(split: readonly Predictor[]): void {
    const route = split.map(({ name, traffic = 0 }) => ({
      destination: {
        host: `fraud-detector-${name}.ml.svc.cluster.local`,
        subset: name,
        port: { number: 8000 },
      },
      // A weight of 0 is left out on its way through JSON.
      ...(traffic === 0 ? {} : { weight: traffic }),
    }));
    this.cluster.put(
      { ...virtualServices, ...place },
      { kind: 'VirtualService', spec: { hosts: ['*'], http: [{ route }, { route }] } },
    );
  }

  #writeMappings({ name, traffic = 0 }: Predictor, index: number): void {
    for (const protocol of ['rest', 'grpc']) {
      const mapped = { ...mappings, namespace: 'ml', name: `seldon-ml-fraud-detector-${name}-${protocol}` };
      this.cluster.put(mapped, { kind: 'Mapping', spec: { ...(index === 0 ? {} : { weight: traffic }) } });
    }
  }

  #predictors(): readonly Predictor[] {
    return (this.cluster.read(reference)?.spec as { readonly predictors: readonly Predictor[] }).predictors;
  }

  #withTraffic(predictors: readonly Predictor[], name: string, traffic: number): readonly Predictor[] {
    return predictors.map((one) => (one.name === name ? { ...one, traffic } : one));
  }
}
