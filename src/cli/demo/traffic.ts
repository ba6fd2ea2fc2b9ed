import { formatInstant } from '../../domain/units.js';
import type { RecordedAnswer, RecordedCandidate, Recording, RecordedRequest } from './recording.js';

/** The model's name, and the version that serves everybody else. */
export const demoModel = 'flight-delay';
export const stableVersion = 'champion';

/** The bodies of one look, as an application would send them: newline-delimited JSON. */
export interface LookTraffic {
  readonly look: number;
  readonly requests: number;
  readonly predictions: string;
  readonly outcomes: string;
}

const lookMs = 60_000;

/** When a look starts if look 60 ends at `endMs`: one recorded look is one minute, without a gap before look 1. */
export function lookStartMs(recording: Recording, look: number, endMs: number): number {
  const sinceFirst = look > 0 ? look - 1 : look;
  return endMs - recording.looks * lookMs + sinceFirst * lookMs;
}

/**
 * Plays the recording: look by look everything that the champion and all candidates served, compressed to minutes
 * that end at `endMs`. Every candidate is asked the same canary requests.
 */
export function* playTraffic(recording: Recording, endMs: number): Generator<LookTraffic> {
  let body = new LookBody();
  let look: number | undefined;
  let canaryRequests = 0;
  for (const request of recording.requests) {
    if (look !== undefined && request.look !== look) {
      yield body.finish(look);
      body = new LookBody();
    }
    look = request.look;
    const startMs = lookStartMs(recording, look, endMs);
    const atMs = Math.floor(startMs + Math.min(0.999, request.offset) * lookMs);
    if (look > 0 && request.bucket < Math.round(recording.weightOf(look) * 100)) {
      for (const candidate of recording.candidates) {
        const answer = answerOf(candidate, request, canaryRequests);
        if (answer !== undefined && look <= candidate.looks) {
          body.add(candidate.name, atMs, answer, request.late, candidate.cut);
        }
      }
      canaryRequests += 1;
    } else {
      body.add(stableVersion, atMs, request.champion, request.late, recording.cut);
    }
  }
  if (look !== undefined) yield body.finish(look);
}

function answerOf(
  candidate: RecordedCandidate,
  request: RecordedRequest,
  index: number,
): RecordedAnswer | undefined {
  return candidate.answers === undefined ? request.champion : candidate.answers[index];
}

class LookBody {
  readonly #predictions: string[] = [];
  readonly #outcomes: string[] = [];

  add(version: string, atMs: number, answer: RecordedAnswer, late: boolean, cut: number): void {
    const at = formatInstant(atMs);
    const { score, latencyMs } = answer;
    const served = score === undefined ? { status: 500 } : { status: 200, prediction: score };
    const event = { model: demoModel, version, at };
    this.#predictions.push(JSON.stringify({ ...event, ...served, latencyMs }));
    const flagged = score !== undefined && score >= cut;
    const caught = flagged && late ? 1 : 0;
    this.#outcomes.push(JSON.stringify({ ...event, name: 'caught', value: caught }));
    if (flagged) this.#outcomes.push(JSON.stringify({ ...event, name: 'hit-rate', value: caught }));
  }

  finish(look: number): LookTraffic {
    return {
      look,
      requests: this.#predictions.length,
      predictions: this.#predictions.join('\n'),
      outcomes: this.#outcomes.join('\n'),
    };
  }
}
