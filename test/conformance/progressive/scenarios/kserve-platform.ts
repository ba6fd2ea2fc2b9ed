import type { InferenceService } from '../rig/inference-service.js';
import type { Platform, Split } from './platform.js';
import type { PlayParts } from './play-parts.js';
import { modelName } from './stage.js';

/** How long a model takes to load, by the fast clock. */
export const loadSeconds = 90;

export const modelUri = (version: number) => `gs://models/${modelName}/v${version}`;
export const revision = (number: number) => `${modelName}-predictor-0000${number}`;

/** An InferenceService with its first model, the next of which the rollout carries. */
export async function kservePlatform({ cluster, clock }: PlayParts, namespace: string): Promise<Platform> {
  const { services, knative } = cluster;
  await cluster.createNamespace(namespace);
  await services.create(namespace, modelName, modelUri(1));
  knative.behave(namespace, { readyAfterMs: clock.realMs(loadSeconds * 1000) });
  return {
    split: () => splitOf(services.now(namespace, modelName)),
    onSplit: (listener) =>
      services.onChange((service) => {
        const split = service.namespace === namespace ? splitOf(service) : undefined;
        if (split !== undefined) listener(split);
      }),
    rolloutSpec: { target: { kserve: { name: modelName, newModel: { storageUri: modelUri(2) } } } },
  };
}

function splitOf(service: InferenceService | undefined): Split | undefined {
  if (service?.rolledOut === undefined) return undefined;
  const { rolledOut: stable, ready, percents } = service;
  const canary = ready === stable ? undefined : ready;
  return { stable, canary, percent: canary === undefined ? 0 : (percents.get(canary) ?? 0) };
}
