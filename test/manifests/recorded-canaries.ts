/** Versions of one model with one fault each or none, as lines for the ingest routes. */

/** How a version behaves. The i-th request of a version is always the same. */
interface Behaviour {
  readonly requestsPerLook: number;
  readonly looks: number;
  readonly fails: (index: number) => boolean;
  readonly latencyMs: (index: number) => number;
  readonly prediction: (index: number) => number;
  readonly outcome: (index: number) => number;
}

const sound: Behaviour = {
  requestsPerLook: 300,
  looks: 10,
  fails: () => false,
  latencyMs: (index) => 20 + (index % 80),
  prediction: (index) => ((index * 37) % 100) / 100,
  outcome: (index) => 10 + (index % 5) / 10,
};

const failing = { fails: (index: number) => index % 5 === 0 };
const slow = { latencyMs: (index: number) => (index % 3 === 0 ? 900 : 40) };
const drifted = { prediction: (index: number) => 0.5 + ((index * 37) % 50) / 100 };
const costly = { outcome: (index: number) => 8 + (index % 5) / 10 };

/** The stable version and its canaries, by the name under which they are recorded. */
export const versions = {
  stable: sound,
  sound,
  young: { ...sound, requestsPerLook: 4, looks: 2 },
  thin: { ...sound, requestsPerLook: 6 },
  broken: { ...sound, ...failing, ...slow, ...drifted, ...costly },
  failing: { ...sound, ...failing },
  slow: { ...sound, ...slow },
  drifted: { ...sound, ...drifted },
  costly: { ...sound, ...costly },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type VersionName = keyof typeof versions;

/**
 * NDJSON bodies for `POST /v1/predictions` and `POST /v1/outcomes`.
 * @param endMs the end of the last look, milliseconds since the epoch
 */
export function recordedLines(
  namespace: string,
  model: string,
  version: VersionName,
  endMs: number,
): { readonly predictions: string; readonly outcomes: string } {
  const behaviour: Behaviour = versions[version];
  const predictions: string[] = [];
  const outcomes: string[] = [];
  for (let index = 0; index < behaviour.looks * behaviour.requestsPerLook; index += 1) {
    const look = Math.floor(index / behaviour.requestsPerLook);
    const at = new Date(endMs - (behaviour.looks - look) * 60_000 + (index % 60) * 1000).toISOString();
    predictions.push(
      JSON.stringify({
        namespace,
        model,
        version,
        at,
        status: behaviour.fails(index) ? 500 : 200,
        latencyMs: behaviour.latencyMs(index),
        prediction: behaviour.prediction(index),
      }),
    );
    outcomes.push(JSON.stringify({ namespace, model, version, at, value: behaviour.outcome(index) }));
  }
  return { predictions: predictions.join('\n'), outcomes: outcomes.join('\n') };
}
