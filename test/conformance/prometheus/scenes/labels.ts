/** Series begin though no process does: labels change, or somebody begins to scrape. */
import { defaultExposure } from '../../../support/prometheus/exposure.js';
import { canaryPod, newLife, oldLife, oldStablePod, stableVersion, steadily, type Scene } from './scene.js';

/** Nothing is served around a second, so that no scrape can miss anything there. */
function restingAround(second: number, from = -600) {
  return [steadily(from, second - 20), steadily(second + 20, 3600)];
}

export const labelScenes: readonly Scene[] = [
  {
    id: 'relabelled-version',
    when: 'a process with days of counts gets the label of the canary version',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4)]),
      {
        address: '10.0.0.3:80',
        version: stableVersion,
        lives: [{ ...oldLife(), loads: restingAround(150) }],
        targets: [
          { from: -600, until: 150, labels: { version: 'v1' } },
          { from: 150, until: 3600, labels: { version: 'v2' } },
        ],
      },
    ],
  },
  {
    id: 'label-added',
    when: 'all series of a process with days of counts get one more label',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80', {
        lives: [{ ...oldLife(), loads: restingAround(150) }],
        targets: [
          { from: -600, until: 150, labels: { version: 'v1' } },
          { from: 150, until: 3600, labels: { version: 'v1', zone: 'a' } },
        ],
      }),
      canaryPod('10.0.0.2:80', [newLife(4)]),
    ],
  },
  {
    id: 'young-relabelled',
    when: 'a pod is relabelled in the minute in which it began',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4)]),
      canaryPod(
        '10.0.0.3:80',
        [{ from: 121, loads: [steadily(121, 140, { perSecond: 5 }), steadily(180, 3600)] }],
        {
          targets: [
            { from: 121, until: 160, labels: { version: 'v2' } },
            { from: 160, until: 3600, labels: { version: 'v2', role: 'canary' } },
          ],
        },
      ),
    ],
    collector: { intervalSeconds: 10, replicas: [{ labels: {} }] },
  },
  {
    id: 'newly-scraped',
    when: 'processes that are days old are scraped for the first time',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      oldStablePod('10.0.0.2:80', {
        targets: [{ from: 125, until: 3600, labels: { version: 'v1' } }],
      }),
      canaryPod('10.0.0.3:80', [newLife(4)]),
      canaryPod('10.0.0.4:80', [oldLife()], {
        targets: [{ from: 185, until: 3600, labels: { version: 'v2' } }],
      }),
    ],
  },
  {
    id: 'no-start-times',
    when: 'no metric tells when a process began: first values are left out, resets are still seen',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod(
        '10.0.0.2:80',
        [
          newLife(4, 150, { perSecond: 4 }),
          // So few before the first scrape that no counter can have overtaken its old value.
          { from: 151, loads: [steadily(190, 3600)] },
        ],
        { exposure: { ...defaultExposure, failureSeries: 'from-the-start' } },
      ),
    ].map((pod) => ({
      ...pod,
      exposure: { latency: defaultExposure.latency, failureSeries: 'from-the-start' },
    })),
  },
  {
    id: 'created-times',
    when: 'the time of creation of a metric tells when the process began',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [
        newLife(4, 139, { failing: 0.3 }),
        newLife(140, undefined, { failing: 0.3 }),
      ]),
    ].map((pod) => ({ ...pod, exposure: { ...defaultExposure, startMetric: 'model_score_created' } })),
    queries: (usual) => ({
      ...usual,
      startTime: { metric: 'model_score_created', on: ['job', 'instance'] },
    }),
  },
  {
    id: 'version-in-pod-name',
    when: 'the version is a part of the name of the pod',
    minutes: 4,
    pods: [
      oldStablePod('10.0.0.1:80', {
        targets: [{ from: -600, until: 3600, labels: { pod: 'fraud-v1-x7k2p' } }],
      }),
      canaryPod('10.0.0.2:80', [newLife(4, 100), newLife(101)], {
        targets: [{ from: 4, until: 3600, labels: { pod: 'fraud-v2-9s8df' } }],
      }),
    ],
    queries: (usual) => ({
      ...usual,
      version: { label: 'pod', pattern: 'fraud-{{version}}-*' },
      targetLabels: ['job', 'instance', 'pod'],
    }),
  },
];
