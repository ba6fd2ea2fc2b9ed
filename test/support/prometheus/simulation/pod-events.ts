import type { Draw } from '../../simulation/draw.js';
import { requestsOf } from '../load.js';
import type { SentRequest } from '../tally.js';
import type { ClusterPlan, Life, PodPlan, Replica, TargetSpan } from './pod-plan.js';

/** What happens to a pod, at a time in milliseconds of the scene. */
export type PodEvent = { readonly atMs: number } & (
  | { readonly kind: 'start'; readonly life: Life }
  | { readonly kind: 'end' }
  | { readonly kind: 'labels'; readonly span: TargetSpan | undefined }
  | { readonly kind: 'request'; readonly request: SentRequest }
  | { readonly kind: 'scrape'; readonly replica: Replica }
);

/** How long after its end a pod is still a target. */
const forgottenAfterSeconds = 3;

/** What comes first of what happens at the same time: a scrape sees all the rest. */
const order = { end: 0, start: 1, labels: 2, request: 3, scrape: 4 } as const;

/** All that happens to a pod, in its order. */
export function podEvents(plan: ClusterPlan, pod: PodPlan, draw: Draw): readonly PodEvent[] {
  const events = [
    ...pod.lives.flatMap((life) => lifeEvents(life, draw)),
    ...spanEvents(pod.targets ?? [wholeSpan(plan, pod)]),
    ...plan.collector.replicas.flatMap((replica) => scrapeEvents(plan, replica, draw)),
  ];
  return events
    .filter(({ atMs }) => atMs <= plan.until * 1000)
    .sort((left, right) => left.atMs - right.atMs || order[left.kind] - order[right.kind]);
}

function lifeEvents(life: Life, draw: Draw): readonly PodEvent[] {
  const { from, until } = life;
  const requests = life.loads
    .flatMap((load) => requestsOf(load, draw))
    .filter(({ atMs }) => atMs >= from * 1000 && (until === undefined || atMs < until * 1000));
  return [
    { kind: 'start', atMs: from * 1000, life },
    ...requests.map(({ atMs, request }) => ({ kind: 'request', atMs, request }) as const),
    ...(until === undefined ? [] : [{ kind: 'end', atMs: until * 1000 } as const]),
  ];
}

function spanEvents(spans: readonly TargetSpan[]): readonly PodEvent[] {
  const begins = spans.map((span) => ({ kind: 'labels', atMs: span.from * 1000, span }) as const);
  const ends = spans
    .filter(({ until }) => !spans.some(({ from }) => from === until))
    .map(({ until }) => ({ kind: 'labels', atMs: until * 1000, span: undefined }) as const);
  return [...begins, ...ends];
}

function wholeSpan(plan: ClusterPlan, { version, lives }: PodPlan): TargetSpan {
  const from = lives[0]?.from ?? plan.from;
  const end = lives.at(-1)?.until;
  const until = end === undefined ? plan.until + 1 : end + forgottenAfterSeconds;
  return { from, until, labels: { version } };
}

function scrapeEvents(plan: ClusterPlan, replica: Replica, draw: Draw): readonly PodEvent[] {
  const { intervalSeconds, jitterMs = [0] } = plan.collector;
  const offsetMs = Math.floor((replica.offsetSeconds ?? draw.uniform() * intervalSeconds) * 1000);
  const events: PodEvent[] = [];
  for (let slot = 0; ; slot++) {
    const dueMs = plan.from * 1000 + offsetMs + slot * intervalSeconds * 1000;
    if (dueMs > plan.until * 1000) return events;
    events.push({ kind: 'scrape', atMs: dueMs + (jitterMs[slot % jitterMs.length] ?? 0), replica });
  }
}
