/** One kind of request at a steady rate. */
export interface Stream {
  readonly kind: string;
  readonly perSecond: number;
  readonly send: (number: number) => Promise<{ readonly status: number }>;
}

/** What became of a stream: latencies in milliseconds, from the moment at which a request was to be sent. */
export interface StreamResult {
  readonly kind: string;
  readonly latenciesMs: readonly number[];
  /** The longest of those that were sent in the warm-up, which are not among the others. */
  readonly slowestWarmUpMs: number;
  /** Answers other than 200, and requests without an answer. */
  readonly failures: number;
}

/**
 * Sends streams for a time, each request at its own moment whatever became of those before: a service that stalls is
 * not asked less. A request that the sender itself is late with is measured from when it was due.
 */
export async function runSchedule(
  streams: readonly Stream[],
  { seconds, warmUpSeconds }: { readonly seconds: number; readonly warmUpSeconds: number },
): Promise<readonly StreamResult[]> {
  const startMs = performance.now();
  const warmMs = startMs + warmUpSeconds * 1000;
  const endMs = startMs + seconds * 1000;
  const states = streams.map((stream) => ({
    stream,
    next: 0,
    latenciesMs: [] as number[],
    slowestWarmUpMs: 0,
    failures: 0,
  }));
  const underWay = new Set<Promise<void>>();
  const due = ({ stream, next }: (typeof states)[number]) => startMs + (next * 1000) / stream.perSecond;
  for (;;) {
    const nowMs = performance.now();
    if (nowMs >= endMs) break;
    for (const state of states) {
      for (let dueMs = due(state); dueMs <= nowMs; dueMs = due(state)) {
        const request = state.stream
          .send(state.next++)
          .then(({ status }) => {
            if (status !== 200) state.failures++;
            const latencyMs = performance.now() - dueMs;
            if (dueMs >= warmMs) state.latenciesMs.push(latencyMs);
            else state.slowestWarmUpMs = Math.max(state.slowestWarmUpMs, latencyMs);
          })
          .catch(() => {
            state.failures++;
          })
          .finally(() => underWay.delete(request));
        underWay.add(request);
      }
    }
    const nextMs = Math.min(endMs, ...states.map(due));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextMs - performance.now())));
  }
  await Promise.all(underWay);
  return states.map(({ stream, latenciesMs, slowestWarmUpMs, failures }) => ({
    kind: stream.kind,
    latenciesMs,
    slowestWarmUpMs,
    failures,
  }));
}
