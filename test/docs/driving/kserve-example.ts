import type { Example } from './patch-journey.js';

const revision = (number: number): string => `fraud-detector-predictor-0000${number}`;

/** The status of KServe while the canary has a share, or before there is one. */
export function knativeStatus(percent: number | null): object {
  const [stable, canary] = [revision(1), revision(2)];
  const newest = percent === null ? stable : canary;
  return {
    deploymentMode: 'Knative',
    components: {
      predictor: {
        latestCreatedRevision: newest,
        latestReadyRevision: newest,
        latestRolledoutRevision: stable,
        traffic:
          percent === null
            ? [{ latestRevision: true, revisionName: stable, percent: 100 }]
            : [
                { latestRevision: true, revisionName: canary, percent },
                { revisionName: stable, percent: 100 - percent, tag: 'prev' },
              ],
      },
    },
    conditions: [{ type: 'PredictorRouteReady', status: 'True' }],
  };
}

/** The InferenceService of the guide with the rollout that carries its new model. */
export const kserveExample: Example = {
  field: 'kserve',
  target: { name: 'fraud-detector', newModel: { storageUri: 's3://models/fraud-detector/v2' } },
  resource: {
    spec: {
      predictor: {
        minReplicas: 1,
        model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/fraud-detector/v1' },
      },
    },
    status: knativeStatus(null),
  },
};
