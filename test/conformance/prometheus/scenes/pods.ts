/** Pods come, crash and go. */
import { canaryPod, newLife, oldLife, oldStablePod, stableVersion, steadily, type Scene } from './scene.js';

/** All requests of the first seconds fail: before any scrape has seen the pod. */
function failingAtFirst(from: number): ReturnType<typeof newLife> {
  return { from, loads: [steadily(from, from + 4, { perSecond: 6, failing: 1 }), steadily(from + 4, 3600)] };
}

export const podScenes: readonly Scene[] = [
  {
    id: 'steady',
    when: 'nothing happens after the canary has begun',
    minutes: 6,
    pods: [oldStablePod('10.0.0.1:80'), oldStablePod('10.0.0.2:80'), canaryPod('10.0.0.3:80', [newLife(4)])],
  },
  {
    id: 'fails-at-first',
    when: 'the very first requests of the canary fail',
    minutes: 4,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [failingAtFirst(8)])],
  },
  {
    id: 'second-pod',
    when: 'a second pod of the canary fails its very first requests',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4)]),
      canaryPod('10.0.0.3:80', [failingAtFirst(131)]),
    ],
  },
  {
    id: 'idle-at-first',
    when: 'pods are there and scraped for minutes before their first requests, which fail',
    minutes: 4,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [{ ...failingAtFirst(8), from: -200 }]),
      canaryPod('10.0.0.3:80', [{ ...failingAtFirst(70), from: -30 }]),
    ],
  },
  {
    id: 'late-target',
    when: 'a new pod is found by service discovery only in the minute after its start',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4)]),
      canaryPod('10.0.0.3:80', [newLife(150)], {
        targets: [{ from: 195, until: 3600, labels: { version: 'v2' } }],
      }),
    ],
  },
  {
    id: 'failures-appear',
    when: 'a process that has long been running fails for the first time',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80', {
        lives: [
          {
            from: -600,
            loads: [
              steadily(-600, 130, { failing: 0 }),
              steadily(130, 3600, { failing: 0.2 }),
              steadily(130, 131, { perSecond: 10, failing: 1 }),
            ],
          },
        ],
      }),
      canaryPod('10.0.0.2:80', [
        {
          from: 4,
          loads: [
            steadily(4, 200, { failing: 0 }),
            steadily(200, 202, { perSecond: 8, failing: 1 }),
            steadily(202, 3600, { failing: 0 }),
          ],
        },
      ]),
    ],
  },
  {
    id: 'restart',
    when: 'a pod is killed and restarted within a look',
    minutes: 5,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [newLife(4, 133), newLife(136)])],
  },
  {
    id: 'overtaking-restart',
    when: 'a restarted pod has served more by the next scrape than before its crash',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [
        newLife(90, 139, { perSecond: 0.5 }),
        { from: 140, loads: [steadily(140, 150, { perSecond: 40 }), steadily(150, 3600)] },
      ]),
      canaryPod('10.0.0.3:80', [newLife(4)]),
    ],
    collector: { intervalSeconds: 15, replicas: [{ labels: {}, offsetSeconds: 7 }] },
  },
  {
    id: 'restart-over-boundary',
    when: 'a pod is away while one look ends and the next begins',
    minutes: 5,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [newLife(4, 172), newLife(188)])],
  },
  {
    id: 'restart-between-scrapes',
    when: 'a pod restarts between the last scrape of one look and the first of the next',
    minutes: 5,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [newLife(4, 179), newLife(181)])],
    collector: { intervalSeconds: 15, replicas: [{ labels: {}, offsetSeconds: 10 }] },
  },
  {
    id: 'crash-loop',
    when: 'a pod crashes again and again, once before any scrape has seen it',
    minutes: 6,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [
        newLife(4, 65),
        newLife(66, 88),
        newLife(90, 93),
        newLife(95, 118, { failing: 0.8 }),
        newLife(119, 240),
        newLife(240),
      ]),
    ],
    collector: { intervalSeconds: 15, replicas: [{ labels: {}, offsetSeconds: 4 }] },
  },
  {
    id: 'death',
    when: 'pods end within looks and do not come back',
    minutes: 6,
    pods: [
      oldStablePod('10.0.0.1:80'),
      oldStablePod('10.0.0.2:80', { lives: [{ ...oldLife(), until: 220 }] }),
      canaryPod('10.0.0.3:80', [newLife(4, 97)]),
      canaryPod('10.0.0.4:80', [newLife(30)]),
    ],
  },
  {
    id: 'successes-and-failures',
    when: 'requests are successes and failures, counted by two metrics',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4, 133, { failing: 0.3 }), newLife(136)]),
    ],
    queries: (usual) => {
      const { where } = usual.signals.requests.plus;
      const failures = { metrics: ['model_failures_total'], where };
      const requests = { plus: { metrics: ['model_successes_total', 'model_failures_total'], where } };
      return { ...usual, signals: { ...usual.signals, requests, errors: { plus: failures } } };
    },
  },
  {
    id: 'begun-less-finished',
    when: 'errors are what was begun and not finished',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4, 133, { failing: 0.3 }), newLife(136)]),
    ],
    queries: (usual) => {
      const { where } = usual.signals.requests.plus;
      const begun = { metrics: ['http_request_duration_seconds_count'], where };
      const errors = { plus: begun, minus: { metrics: ['model_successes_total'], where } };
      return { ...usual, signals: { ...usual.signals, requests: { plus: begun }, errors } };
    },
  },
  {
    id: 'scaling',
    when: 'the canary is scaled up and down',
    minutes: 8,
    pods: [
      ...['10.0.0.1:80', '10.0.0.2:80'].map((address) => oldStablePod(address)),
      canaryPod('10.0.1.1:80', [newLife(4)]),
      canaryPod('10.0.1.2:80', [newLife(70, 400)]),
      canaryPod('10.0.1.3:80', [newLife(118, 420)]),
      canaryPod('10.0.1.4:80', [newLife(121, 170)]),
      canaryPod('10.0.1.5:80', [newLife(179.5, 431)]),
      canaryPod('10.0.1.6:80', [newLife(180.5)]),
    ],
  },
  {
    id: 'address-reused',
    when: 'a pod of the canary gets the address of a stable pod that ended',
    minutes: 5,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4)]),
      {
        address: '10.0.0.3:80',
        version: stableVersion,
        lives: [{ ...oldLife(), until: 140 }, newLife(151)],
        targets: [
          { from: -600, until: 143, labels: { version: 'v1' } },
          { from: 150, until: 3600, labels: { version: 'v2' } },
        ],
      },
    ],
  },
  {
    id: 'deployed-again',
    when: 'the same version is deployed again after a quarter of an hour',
    minutes: 25,
    firstMinute: 20,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4, 250)]),
      canaryPod('10.0.0.3:80', [newLife(1207)]),
    ],
  },
];
