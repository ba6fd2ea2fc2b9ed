import type { RecordedModel } from './recorded-answers.js';

/** What a version is like. */
export interface Character {
  /** Whose predictions, request times and qualities of answers it has. */
  readonly model: RecordedModel;
  /** Which share of its requests fail. */
  readonly errors: number;
  /** Which share of its requests fail from when it has had half of the traffic; absent: as before. */
  readonly lateErrors?: number;
  /** Whether it has the request times of a model that takes 700 ms at the 99th percentile. */
  readonly slow?: true;
  /** How much its answers are worth, compared with those of others as good. */
  readonly worth: number;
  /** How much of the usual traffic its model has while it is the canary. */
  readonly traffic: number;
}

const fewErrors = 0.0005;

/** The version that everybody had before. */
export const champion: Character = { model: 'champion', errors: fewErrors, worth: 1, traffic: 1 };

const healthy: Character = { ...champion, model: 'retrain' };

/** Canaries, each with one thing about it. */
export const characters = {
  healthy,
  errors: { ...healthy, errors: 0.02 },
  slow: { ...healthy, slow: true },
  /** Its temperatures come in Celsius where it has learned Fahrenheit. */
  drifted: { ...healthy, model: 'celsius' },
  proxyDown: { ...healthy, worth: 0.9 },
  /** Neither below 0.5 % nor above 1 %. */
  grey: { ...healthy, errors: 0.0075 },
  lateOnset: { ...healthy, lateErrors: 0.03 },
  quiet: { ...healthy, traffic: 0.01 },
} as const satisfies Readonly<Record<string, Character>>;

export type CharacterName = keyof typeof characters;
