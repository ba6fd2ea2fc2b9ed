import { Draw } from '../../support/simulation/draw.js';

/** How the lines of a body are made. */
export interface BodyShape {
  readonly model: string;
  readonly lines: number;
  /** Names the drawing of its values. */
  readonly seed: string;
  /** When the requests were served; absent: when they arrive. */
  readonly at?: (index: number) => string;
  /** Ids of the requests; absent: none. */
  readonly id?: (index: number) => string;
}

/** A body of predictions of a healthy canary, one in twenty requests, beside the stable version. */
export function predictionBody({ model, lines, seed, at, id }: BodyShape): string {
  const draw = new Draw(seed);
  return Array.from({ length: lines }, (_, index) =>
    JSON.stringify({
      model,
      version: index % 20 === 0 ? 'v2' : 'v1',
      ...(at === undefined ? {} : { at: at(index) }),
      ...(id === undefined ? {} : { id: id(index) }),
      status: draw.uniform() < 0.002 ? 500 : 200,
      latencyMs: Math.round(20 + 60 * draw.uniform() ** 4),
      prediction: Math.round(1000 * draw.uniform() ** 2) / 1000,
    }),
  ).join('\n');
}

/** Bodies that fill the minutes before an instant, one a minute. */
export function historyBodies(
  model: string,
  minutes: number,
  perMinute: number,
  nowMs: number,
): readonly string[] {
  const lastMs = Math.floor(nowMs / 60_000) * 60_000;
  return Array.from({ length: minutes }, (_, minute) =>
    predictionBody({
      model,
      lines: perMinute,
      seed: `${model}/${minute}`,
      at: (index) =>
        new Date(lastMs - (minute + 1) * 60_000 + Math.floor((index * 60_000) / perMinute)).toISOString(),
    }),
  );
}
