/** Scrapes are missing, come twice, or fall where they hurt. */
import { canaryPod, newLife, oldStablePod, steadily, type Scene } from './scene.js';

/** Of every minute only these seconds have traffic: at its ends all counters rest, whoever reads them. */
const restingAtBoundaries = { within: [5, 40] } as const;

/** Two servers that scrape the same pods at other times. */
const pair = [
  { labels: { replica: 'a' }, offsetSeconds: 3 },
  { labels: { replica: 'b' }, offsetSeconds: 11 },
] as const;

const pairedPods = [
  oldStablePod('10.0.0.1:80', {}, restingAtBoundaries),
  canaryPod('10.0.0.2:80', [
    newLife(4, 110, restingAtBoundaries),
    newLife(112, undefined, restingAtBoundaries),
  ]),
  canaryPod('10.0.0.3:80', [newLife(125, undefined, { ...restingAtBoundaries, failing: 0.4 })]),
];

/** The series of the two differ in the label `replica` alone. */
function withReplicas(scene: Scene): Scene {
  return { ...scene, queries: (usual) => ({ ...usual, replicaLabels: ['replica'] }) };
}

export const scrapeScenes: readonly Scene[] = [
  {
    id: 'scrape-gap',
    when: 'nothing is scraped for three minutes',
    minutes: 8,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [newLife(4)])],
    collector: { intervalSeconds: 15, replicas: [{ labels: {}, down: [[130, 310]] }] },
  },
  {
    id: 'failures-in-gap',
    when: 'a process fails for the first time while nothing is scraped',
    minutes: 8,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [
        {
          from: 4,
          loads: [
            steadily(4, 200, { failing: 0 }),
            steadily(200, 210, { failing: 1 }),
            steadily(210, 3600, { failing: 0 }),
          ],
        },
      ]),
    ],
    collector: { intervalSeconds: 15, replicas: [{ labels: {}, down: [[130, 310]] }] },
  },
  {
    id: 'restart-in-gap',
    when: 'a pod restarts, and another one begins, while nothing is scraped',
    minutes: 8,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4, 190), newLife(195, undefined, { perSecond: 5 })]),
      canaryPod('10.0.0.3:80', [newLife(200)]),
    ],
    collector: { intervalSeconds: 15, replicas: [{ labels: {}, down: [[130, 310]] }] },
  },
  {
    id: 'vanished-target',
    when: 'a pod is no target for a minute and a half, and its series are marked stale',
    minutes: 6,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4)], {
        targets: [
          { from: 4, until: 140, labels: { version: 'v2' } },
          { from: 230, until: 3600, labels: { version: 'v2' } },
        ],
      }),
    ],
  },
  withReplicas({
    id: 'pair',
    when: 'two servers scrape the same pods at different times',
    minutes: 6,
    pods: pairedPods,
    collector: { intervalSeconds: 15, replicas: pair },
  }),
  withReplicas({
    id: 'pair-with-gap',
    when: 'one of two servers misses three minutes',
    minutes: 7,
    pods: pairedPods,
    collector: { intervalSeconds: 15, replicas: [{ ...pair[0], down: [[160, 340]] }, pair[1]] },
  }),
  withReplicas({
    id: 'pair-in-turns',
    when: 'each of two servers is away while the other is there',
    minutes: 7,
    pods: pairedPods,
    collector: {
      intervalSeconds: 15,
      replicas: [
        { ...pair[0], down: [[150, 260]] },
        { ...pair[1], down: [[280, 400]] },
      ],
    },
  }),
  withReplicas({
    id: 'pair-with-skew',
    when: 'the clock of one of two servers is ahead, so that counters seem to go back',
    minutes: 6,
    pods: pairedPods,
    collector: { intervalSeconds: 15, replicas: [{ ...pair[0], skewSeconds: 10 }, pair[1]] },
  }),
  {
    id: 'on-the-minute',
    when: 'scrapes fall exactly on the ends of looks',
    minutes: 5,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [newLife(4, 120), newLife(120)])],
    collector: { intervalSeconds: 15, replicas: [{ labels: {}, offsetSeconds: 0 }] },
  },
  {
    id: 'once-a-minute',
    when: 'scrapes come once a minute, now just before its end, now just after it',
    minutes: 7,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [newLife(4, 130), newLife(131)])],
    collector: {
      intervalSeconds: 60,
      replicas: [{ labels: {}, offsetSeconds: 0 }],
      jitterMs: [100, -150, 50, -300, 200, 0, -20],
    },
  },
  {
    id: 'half-minute',
    when: 'pods are scraped every thirty seconds',
    minutes: 6,
    pods: [
      oldStablePod('10.0.0.1:80'),
      canaryPod('10.0.0.2:80', [newLife(4)]),
      canaryPod('10.0.0.3:80', [newLife(118, 200)]),
    ],
    collector: { intervalSeconds: 30, replicas: [{ labels: {} }] },
  },
  {
    id: 'older-than-window',
    when: 'the canary began long before the lookback',
    minutes: 45,
    firstMinute: 25,
    lookbackMinutes: 20,
    pods: [oldStablePod('10.0.0.1:80'), canaryPod('10.0.0.2:80', [newLife(4)])],
  },
];
