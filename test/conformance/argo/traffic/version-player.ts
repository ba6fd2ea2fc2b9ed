import type { Draw } from '../../../support/simulation/draw.js';
import type { Character } from './characters.js';
import { EvenShare } from './even-share.js';
import { recordedAnswers } from './recorded-answers.js';

/** What becomes of one request. */
export interface PlayedRequest {
  readonly latencyMs: number;
  /** Absent where it failed. */
  readonly score: number | undefined;
  /** What the answer was worth; absent where nobody was told. */
  readonly outcome: number | undefined;
}

/**
 * Every answer is worth this much, whatever it says, and up to one more by its quality. So outcomes vary little, and a
 * few hundred of them tell 1 % from 3 %.
 */
const standingWorth = 3;
/** A request that fails is worth as much as one that was answered badly. */
const failedQuality = 0;
const lateWeight = 0.5;

/** Plays one version: draws one recorded request after the other, and answers it as the character says. */
export class VersionPlayer {
  readonly #character: Character;
  readonly #outcomesPerRequest: number;
  readonly #draw: Draw;
  readonly #failing: EvenShare;
  readonly #telling: EvenShare;
  #isLate = false;

  constructor(character: Character, outcomesPerRequest: number, draw: Draw) {
    this.#character = character;
    this.#outcomesPerRequest = outcomesPerRequest;
    this.#draw = draw;
    this.#failing = new EvenShare(draw.uniform());
    this.#telling = new EvenShare(draw.uniform());
  }

  /** The next request; `weight`: the share of the traffic that the version has now. */
  next(weight: number): PlayedRequest {
    const { model, errors, lateErrors = errors, slow, worth } = this.#character;
    this.#isLate ||= weight >= lateWeight;
    const recorded = recordedAnswers();
    const request = Math.floor(this.#draw.uniform() * recorded.requests);
    const { score, latencyMs, quality } = recorded.answer(model, request);
    const failed = this.#failing.takes(this.#isLate ? lateErrors : errors);
    const told = this.#telling.takes(this.#outcomesPerRequest);
    return {
      latencyMs: slow === true ? recorded.slowLatencyMs(request) : latencyMs,
      score: failed ? undefined : score,
      outcome: told ? worth * (standingWorth + (failed ? failedQuality : quality)) : undefined,
    };
  }
}
