import { serveTimes } from './serve-times.js';
import type { ApiClient } from '../../argo/cluster/api-client.js';
import { stages } from '../scenarios/stages.js';

const services = '/apis/serving.kserve.io/v1beta1';
const rollouts = '/apis/ml-verdict.io/v1alpha1';

/** How many objects are made at the same time. */
const atATime = 16;

/** Makes so many InferenceServices whose canary has 10 %, and a ModelRollout for each, all in one namespace. */
export async function makeManyRollouts(api: ApiClient, namespace: string, count: number): Promise<void> {
  await serveTimes(count, atATime, async (index) => {
    const name = nameOf(index);
    await api.ask(`${services}/namespaces/${namespace}/inferenceservices`, {
      method: 'POST',
      body: {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: { namespace, name },
        spec: {
          predictor: {
            canaryTrafficPercent: 10,
            model: { modelFormat: { name: 'sklearn' }, storageUri: `gs://models/${name}/v2` },
          },
        },
      },
    });
    await api.ask(`${services}/namespaces/${namespace}/inferenceservices/${name}/status`, {
      method: 'PATCH',
      body: { status: statusAtTenPercent(name) },
    });
    await api.ask(`${rollouts}/namespaces/${namespace}/modelrollouts`, {
      method: 'POST',
      body: {
        apiVersion: 'ml-verdict.io/v1alpha1',
        kind: 'ModelRollout',
        metadata: { namespace, name },
        spec: { target: { kserve: { name } }, stages: stages(10, 50, 100), stabilisation: '1m' },
      },
    });
  });
}

export function nameOf(index: number): string {
  return `model-${index}`;
}

/** As KServe's controller writes it while a canary has its share; here nobody does. */
function statusAtTenPercent(name: string): object {
  const [stable, canary] = [`${name}-predictor-00001`, `${name}-predictor-00002`];
  const isTrue = (type: string) => ({ type, status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' });
  return {
    deploymentMode: 'Knative',
    components: {
      predictor: {
        latestCreatedRevision: canary,
        latestReadyRevision: canary,
        latestRolledoutRevision: stable,
        traffic: [
          { revisionName: canary, percent: 10, latestRevision: true },
          { revisionName: stable, percent: 90, latestRevision: false, tag: 'prev' },
        ],
      },
    },
    conditions: ['PredictorConfigurationReady', 'PredictorReady', 'PredictorRouteReady', 'Ready'].map(isTrue),
  };
}
