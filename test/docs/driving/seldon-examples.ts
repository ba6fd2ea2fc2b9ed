import type { Example } from './patch-journey.js';

const graph = (version: string) => ({
  name: 'classifier',
  modelUri: `s3://models/fraud-detector/${version}`,
});

/** The SeldonDeployment of the guide, 90 to 10, with the routes that Istio has for it. */
export const seldonDeploymentExample: Example = {
  field: 'seldonDeployment',
  target: { name: 'fraud-detector', stable: 'main', canary: 'canary' },
  resource: {
    spec: {
      predictors: [
        { name: 'main', traffic: 90, graph: graph('v1') },
        { name: 'canary', traffic: 10, graph: graph('v2') },
      ],
    },
    status: { state: 'Available' },
  },
  others: [
    [
      {
        group: 'networking.istio.io',
        version: 'v1beta1',
        plural: 'virtualservices',
        namespace: 'ml',
        name: 'fraud-detector',
      },
      {
        spec: {
          http: [
            {
              route: [
                { destination: { subset: 'main' }, weight: 90 },
                { destination: { subset: 'canary' }, weight: 10 },
              ],
            },
          ],
        },
      },
    ],
  ],
};

const model = (name: string): NonNullable<Example['others']>[number] => [
  { group: 'mlops.seldon.io', version: 'v1alpha1', plural: 'models', namespace: 'ml', name },
  {
    spec: { storageUri: `s3://models/${name}` },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  },
];

/** The Experiment of the guide, 90 to 10. */
export const seldonExperimentExample: Example = {
  field: 'seldonExperiment',
  target: { name: 'fraud-detector', canary: 'fraud-detector-v2' },
  resource: {
    spec: {
      default: 'fraud-detector-v1',
      candidates: [
        { name: 'fraud-detector-v1', weight: 90 },
        { name: 'fraud-detector-v2', weight: 10 },
      ],
    },
    status: {
      conditions: ['CandidatesReady', 'ExperimentReady', 'Ready'].map((type) => ({ type, status: 'True' })),
    },
  },
  others: [model('fraud-detector-v1'), model('fraud-detector-v2')],
};
