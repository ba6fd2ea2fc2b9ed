/** Scenes that nobody thought of: pods come, crash, come back and go, and scrapes fail, by chance. */
import type { ModelQueries } from '../../../../src/sources/prometheus/signals/signal.js';
import type { Collector, Life, PodPlan, Replica } from '../../../support/prometheus/simulation/pod-plan.js';
import { Draw } from '../../../support/simulation/draw.js';
import { canaryVersion, oldStablePod, stableVersion, steadily, type Scene } from './scene.js';

const minutes = 6;
const howMany = 30;
const howManyPairs = 10;

/** Each has its own draws, so that any of them can be played alone. */
const single: readonly Scene[] = Array.from({ length: howMany }, (_, number) => {
  const id = `random-${number + 1}`;
  const draw = new Draw(id);
  return {
    id,
    when: 'pods and scrapes come and go by chance',
    minutes,
    pods: [
      oldStablePod('stable-0:80'),
      ...Array.from({ length: draw.between(0, 2) }, (_none, pod) =>
        randomPod(`stable-${pod + 1}:80`, stableVersion, draw, -500),
      ),
      ...Array.from({ length: draw.between(1, 3) }, (_none, pod) =>
        randomPod(`canary-${pod + 1}:80`, canaryVersion, draw, 0),
      ),
    ],
    collector: randomCollector(draw, minutes),
  };
});

/** The same for two servers that scrape the same pods: at the ends of looks, and when pods come and go, all rests. */
const pairs: readonly Scene[] = Array.from({ length: howManyPairs }, (_, number) => {
  const id = `random-pair-${number + 1}`;
  const draw = new Draw(id);
  const lives = (from: number): readonly Life[] => {
    const ends = draw.choose(draw.between(0, 3), minutes).sort((left, right) => left - right);
    const ended = ends.map((minute) => minute * 60 + 52);
    return [from, ...ended].map((start, place) => ({
      from: start + (place === 0 ? 0 : 2),
      ...(ended[place] === undefined ? {} : { until: ended[place] }),
      loads: [
        steadily(start, 3600, {
          perSecond: 0.5 + 8 * draw.uniform(),
          failing: draw.uniform() ** 2,
          within: [5, 40],
        }),
      ],
    }));
  };
  const down = (): Partial<Replica> => {
    const from = draw.between(0, 4) * 60 + draw.between(0, 59);
    return draw.uniform() < 0.5 ? { down: [[from, from + draw.between(20, 150)]] } : {};
  };
  return {
    id,
    when: 'two servers scrape pods that come and go by chance, and one of them is away at times',
    minutes,
    pods: [
      oldStablePod('stable-0:80', {}, { within: [5, 40] }),
      { address: 'stable-1:80', version: stableVersion, lives: lives(-58) },
      { address: 'canary-0:80', version: canaryVersion, lives: lives(2) },
      { address: 'canary-1:80', version: canaryVersion, lives: lives(62) },
    ],
    collector: {
      intervalSeconds: 10,
      replicas: [
        { labels: { replica: 'a' }, offsetSeconds: draw.between(0, 9), ...down() },
        { labels: { replica: 'b' }, offsetSeconds: draw.between(0, 9) + 0.3 },
      ],
    },
    queries: (usual: ModelQueries): ModelQueries => ({ ...usual, replicaLabels: ['replica'] }),
  };
});

function randomPod(address: string, version: string, draw: Draw, earliest: number): PodPlan {
  const lives: Life[] = [];
  let from = earliest + draw.uniform() * 150;
  for (let left = draw.between(1, 4); left > 0; left--) {
    const isLast = left === 1 && draw.uniform() < 0.7;
    const until = from + 2 + draw.uniform() ** 2 * 300;
    const idle = draw.uniform() < 0.3 ? draw.uniform() * 90 : 0;
    const firstFailures = draw.uniform() < 0.4 ? 1 : 0.02;
    const perSecond = 0.2 + draw.uniform() ** 3 * 15;
    const busy = Math.floor(from + idle);
    lives.push({
      from,
      ...(isLast ? {} : { until }),
      loads: [
        steadily(busy, busy + 5, { perSecond, failing: firstFailures }),
        steadily(busy + 5, 3600, { perSecond }),
      ],
    });
    if (isLast) break;
    from = until + draw.uniform() ** 2 * 100;
  }
  return { address, version, lives };
}

function randomCollector(draw: Draw, minutes: number): Collector {
  const intervalSeconds = [5, 10, 15, 30][draw.between(0, 3)] ?? 15;
  const downFrom = draw.between(-200, 300);
  // Scrapes go on after the end: only then is the last look known to be complete.
  const latest = minutes * 60 - 2 * intervalSeconds;
  return {
    intervalSeconds,
    replicas: [
      {
        labels: {},
        ...(draw.uniform() < 0.4
          ? { down: [[downFrom, Math.min(latest, downFrom + draw.between(20, 240))]] }
          : {}),
      },
    ],
    jitterMs: Array.from({ length: 5 }, () => draw.between(-200, 200)),
  };
}

export const randomScenes: readonly Scene[] = [...single, ...pairs];
