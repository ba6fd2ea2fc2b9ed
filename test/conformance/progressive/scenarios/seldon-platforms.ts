import { z } from 'zod';
import { Watched } from '../../argo/cluster/watched.js';
import type { Platform, Split } from './platform.js';
import type { PlayParts } from './play-parts.js';
import { modelName } from './stage.js';

export const stableName = 'main';
export const canaryName = 'canary';

const inNamespace = { metadata: z.object({ namespace: z.string(), name: z.string() }) };

const virtualService = z.object({
  ...inNamespace,
  spec: z.object({
    http: z.array(
      z.object({
        route: z.array(z.object({ destination: z.object({ subset: z.string() }), weight: z.number() })),
      }),
    ),
  }),
});

const experiment = z.object({
  ...inNamespace,
  spec: z.object({ candidates: z.array(z.object({ name: z.string(), weight: z.number() })) }),
});

/** A SeldonDeployment with one predictor; the rollout carries the other one. Requests go where Istio's routes say. */
export async function seldonDeploymentPlatform(parts: PlayParts, namespace: string): Promise<Platform> {
  const { cluster } = parts;
  await cluster.createNamespace(namespace);
  await cluster.apply([
    {
      apiVersion: 'machinelearning.seldon.io/v1',
      kind: 'SeldonDeployment',
      metadata: { namespace, name: modelName },
      spec: { predictors: [predictor(stableName, 1)] },
    },
  ]);
  await cluster.untilFound(
    `/apis/networking.istio.io/v1beta1/namespaces/${namespace}/virtualservices/${modelName}`,
  );
  return watchedPlatform(parts, namespace, {
    path: '/apis/networking.istio.io/v1beta1/virtualservices',
    read: (object) => {
      const routes = virtualService.parse(object).spec.http[0]?.route ?? [];
      return routes.map(({ destination, weight }) => [destination.subset, weight] as const);
    },
    target: {
      seldonDeployment: {
        name: modelName,
        stable: stableName,
        canary: canaryName,
        newPredictor: predictor(canaryName, 2),
      },
    },
  });
}

/** An Experiment over two models, the new one of which has nothing yet. Nobody tells of its routes: requests go by its spec. */
export async function seldonExperimentPlatform(parts: PlayParts, namespace: string): Promise<Platform> {
  const { cluster } = parts;
  await cluster.createNamespace(namespace);
  await cluster.apply([
    {
      apiVersion: 'mlops.seldon.io/v1alpha1',
      kind: 'Experiment',
      metadata: { namespace, name: modelName },
      spec: {
        default: stableName,
        candidates: [
          { name: stableName, weight: 100 },
          { name: canaryName, weight: 0 },
        ],
      },
    },
  ]);
  return watchedPlatform(parts, namespace, {
    path: '/apis/mlops.seldon.io/v1alpha1/experiments',
    read: (object) => experiment.parse(object).spec.candidates.map(({ name, weight }) => [name, weight]),
    target: { seldonExperiment: { name: modelName, canary: canaryName } },
  });
}

interface WatchedPlatform {
  readonly path: string;
  /** Who gets how much. */
  readonly read: (object: unknown) => readonly (readonly [string, number])[];
  readonly target: object;
}

async function watchedPlatform(
  { cluster }: PlayParts,
  namespace: string,
  { path, read, target }: WatchedPlatform,
): Promise<Platform> {
  const watched = await Watched.start({
    api: cluster.api,
    path: path.replace(/\/([^/]+)$/, `/namespaces/${namespace}/$1`),
    read: (object) => splitOf(read(object)),
  });
  return {
    split: () => watched.now(namespace, modelName),
    onSplit: (listener) => {
      const end = watched.onChange(listener);
      return () => {
        end();
        watched.stop();
      };
    },
    rolloutSpec: { target },
  };
}

function splitOf(shares: readonly (readonly [string, number])[]): Split {
  const percent = shares.find(([name]) => name === canaryName)?.[1];
  return {
    stable: stableName,
    canary: percent === undefined ? undefined : canaryName,
    percent: percent ?? 0,
  };
}

function predictor(name: string, version: number): object {
  return {
    name,
    replicas: 1,
    graph: {
      name: 'classifier',
      implementation: 'SKLEARN_SERVER',
      modelUri: `gs://models/${modelName}/v${version}`,
    },
  };
}
