import { loadRecording } from '../../../../src/cli/demo/recording.js';
import { demoModel, lookStartMs, playTraffic, stableVersion } from '../../../../src/cli/demo/traffic.js';
import { Draw } from '../../../support/simulation/draw.js';

/** Traffic as applications send it to the ledger, of which counters can be made as well. */
export interface RecordedTraffic {
  /** The model that served it, as lines name it. */
  readonly model: string;
  readonly stable: string;
  /** The versions that are judged, with the number of looks in which each has traffic. */
  readonly canaries: ReadonlyMap<string, number>;
  /** The start of the canaries' first look. */
  readonly zeroMs: number;
  readonly outcomes: readonly string[];
  /** Newline-delimited JSON, in the order of time. */
  readonly bodies: readonly { readonly predictions: string; readonly outcomes: string }[];
}

const minuteMs = 60_000;

/** What a simulated canary does otherwise than the stable version. */
export interface CanaryFault {
  readonly failing?: number;
  /** What the slowest two in a hundred take, milliseconds. */
  readonly slowMs?: number;
  /** Above 1: scores are lower. */
  readonly scorePower?: number;
  /** The share of yes among the outcomes. */
  readonly yes?: number;
}

const simulatedLooks = 24;
const simulatedBefore = 12;
const perMinute = { stable: 400, canary: 200 };

/** A canary beside its stable version, whose last look ends at an instant; the same each time. */
export function simulatedCanary(name: string, fault: CanaryFault, endMs: number): RecordedTraffic {
  const draw = new Draw(`same-verdicts/${name}`);
  const zeroMs = endMs - simulatedLooks * minuteMs;
  const bodies = Array.from({ length: simulatedBefore + simulatedLooks }, (_, index) => {
    const minute = index - simulatedBefore;
    const lines = new Lines('fraud');
    for (let request = draw.poisson(perMinute.stable); request > 0; request--) {
      lines.add('v1', zeroMs + (minute + draw.uniform()) * minuteMs, draw, {});
    }
    if (minute < 0) return lines.body();
    for (let request = draw.poisson(perMinute.canary); request > 0; request--) {
      lines.add('v2', zeroMs + (minute + draw.uniform()) * minuteMs, draw, fault);
    }
    return lines.body();
  });
  const canaries = new Map([['v2', simulatedLooks]]);
  return { model: 'fraud', stable: 'v1', canaries, zeroMs, outcomes: ['default'], bodies };
}

/** The recording that ships with the demo: some of its candidates, beside the champion. */
export function demoTraffic(candidates: readonly string[], endMs: number): RecordedTraffic {
  const recording = loadRecording();
  const chosen = recording.candidates.filter(({ name }) => candidates.includes(name));
  return {
    model: demoModel,
    stable: stableVersion,
    canaries: new Map(chosen.map(({ name, looks }) => [name, looks])),
    zeroMs: lookStartMs(recording, 1, endMs),
    outcomes: ['caught', 'hit-rate'],
    bodies: [...playTraffic({ ...recording, candidates: chosen }, endMs)],
  };
}

class Lines {
  readonly #model: string;
  readonly #predictions: string[] = [];
  readonly #outcomes: string[] = [];

  constructor(model: string) {
    this.#model = model;
  }

  add(
    version: string,
    atMs: number,
    draw: Draw,
    { failing = 0.001, slowMs = 150, scorePower = 2, yes = 0.95 }: CanaryFault,
  ): void {
    const at = new Date(Math.floor(atMs)).toISOString();
    const common = { model: this.#model, version, at };
    const isSlow = draw.uniform() < 0.02;
    const latencyMs = isSlow ? slowMs : Math.round(1000 * 20 * Math.exp(draw.normal() * 0.5)) / 1000;
    if (draw.uniform() < failing) {
      this.#predictions.push(JSON.stringify({ ...common, status: 503, latencyMs }));
      return;
    }
    // Some lie on the edges of bins, and some at the ends.
    const prediction = Math.round(500 * draw.uniform() ** scorePower) / 500;
    this.#predictions.push(JSON.stringify({ ...common, status: 200, latencyMs, prediction }));
    this.#outcomes.push(JSON.stringify({ ...common, value: draw.uniform() < yes ? 1 : 0 }));
  }

  body(): RecordedTraffic['bodies'][number] {
    return { predictions: this.#predictions.join('\n'), outcomes: this.#outcomes.join('\n') };
  }
}
