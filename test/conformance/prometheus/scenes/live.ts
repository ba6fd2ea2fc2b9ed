/** Scenes that are played in real time: real processes, really killed, scraped by real servers. */
import type { Collector } from '../../../support/prometheus/simulation/pod-plan.js';
import { canaryPod, newLife, oldLife, oldStablePod, stableVersion, steadily, type Scene } from './scene.js';

export const liveScrapeSeconds = 2;

/** Nobody simulates scrapes here. */
const collector: Collector = { intervalSeconds: liveScrapeSeconds, replicas: [] };

/** Pods that were there before the first minute begin so many seconds ahead of it. */
const lead = 8;

const stablePod = oldStablePod('a', { lives: [oldLife({}, -lead)] });

type LiveScene = Pick<Scene, 'id' | 'when' | 'pods'>;

const scenes: readonly LiveScene[] = [
  {
    id: 'live-steady',
    when: 'nothing happens after the canary has begun',
    pods: [stablePod, oldStablePod('b', { lives: [oldLife({}, -lead)] }), canaryPod('c', [newLife(2)])],
  },
  {
    id: 'live-fails-at-first',
    when: 'new pods of the canary fail their very first requests',
    pods: [
      stablePod,
      canaryPod('b', [
        { from: 10, loads: [steadily(10, 11, { perSecond: 20, failing: 1 }), steadily(11, 3600)] },
      ]),
      canaryPod('c', [
        { from: 70, loads: [steadily(70, 71, { perSecond: 20, failing: 1 }), steadily(71, 3600)] },
      ]),
    ],
  },
  {
    id: 'live-killed',
    when: 'a pod is killed and restarted on its port within a look',
    pods: [stablePod, canaryPod('b', [newLife(-4, 75), newLife(78, 3600)])],
  },
  {
    id: 'live-overtaking',
    when: 'a killed pod has soon served more than before',
    pods: [
      stablePod,
      canaryPod('b', [
        newLife(-4, 100, { perSecond: 0.3 }),
        { from: 101, until: 3600, loads: [steadily(101, 103, { perSecond: 60 }), steadily(103, 3600)] },
      ]),
    ],
  },
  {
    id: 'live-killed-over-boundary',
    when: 'a pod is away while one look ends and the next begins',
    pods: [stablePod, canaryPod('b', [newLife(-4, 117), newLife(120, 3600)])],
  },
  {
    id: 'live-gone',
    when: 'a pod is killed under load and does not come back',
    pods: [
      stablePod,
      canaryPod('b', [newLife(3)]),
      canaryPod('c', [newLife(-4, 95.5, { perSecond: 20, failing: 0.1 })]),
    ],
  },
  {
    id: 'live-failures-appear',
    when: 'processes fail for the first time after they have long been running',
    pods: [
      oldStablePod('a', {
        lives: [
          {
            from: -lead,
            loads: [
              steadily(-lead, 70, { failing: 0 }),
              steadily(70, 71, { perSecond: 8, failing: 1 }),
              steadily(71, 3600, { failing: 0.1 }),
            ],
          },
        ],
      }),
      canaryPod('b', [
        {
          from: 2,
          loads: [
            steadily(2, 130, { failing: 0 }),
            steadily(130, 131, { perSecond: 8, failing: 1 }),
            steadily(131, 3600, { failing: 0 }),
          ],
        },
      ]),
    ],
  },
  {
    id: 'live-relabelled',
    when: 'a process with days of counts gets the label of the canary version',
    pods: [
      stablePod,
      canaryPod('b', [newLife(2)]),
      {
        address: 'c',
        version: stableVersion,
        lives: [{ ...oldLife({}, -lead), loads: [steadily(-lead, 80), steadily(112, 3600)] }],
        targets: [
          { from: -lead, until: 95, labels: { version: 'v1' } },
          { from: 95, until: 3600, labels: { version: 'v2' } },
        ],
      },
    ],
  },
  {
    id: 'live-scaled',
    when: 'the canary is scaled up',
    pods: [
      stablePod,
      canaryPod('b', [newLife(4)]),
      canaryPod('c', [newLife(58.5)]),
      canaryPod('d', [newLife(61)]),
      canaryPod('e', [newLife(119)]),
    ],
  },
];

export const liveScenes: readonly Scene[] = scenes.map((scene) => ({
  ...scene,
  minutes: 3,
  from: -lead,
  collector,
}));
