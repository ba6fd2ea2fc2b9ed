import { loadRecording, type RecordedAnswer } from '../../../../src/cli/demo/recording.js';

/** What a version answers to one request. */
export interface PlayedAnswer {
  readonly score: number;
  readonly latencyMs: number;
  /** How good the answer turned out to be, 0 to 1: how near the score was to what happened then. */
  readonly quality: number;
}

/** Whose answers are played: those of the champion, or of a candidate of the recording. */
export type RecordedModel = 'champion' | 'retrain' | 'celsius';

/** The really recorded requests of a canary, and what really trained models answered to each of them. */
export interface RecordedAnswers {
  readonly requests: number;
  answer(model: RecordedModel, request: number): PlayedAnswer;
  /** A request time of the candidate that is sound but slow, by the same number. */
  slowLatencyMs(request: number): number;
}

/** The slow candidate's 99th percentile is 868 ms; so many times that are 700. */
const slowness = 700 / 868;

let loaded: RecordedAnswers | undefined;

/** The recording that ships with the demo; read once. */
export function recordedAnswers(): RecordedAnswers {
  return (loaded ??= load());
}

function load(): RecordedAnswers {
  const recording = loadRecording();
  const requests = recording.requests.filter(
    ({ look, bucket }) => look > 0 && bucket < Math.round(recording.weightOf(look) * 100),
  );
  const candidate = (name: string): readonly RecordedAnswer[] => {
    const answers = recording.candidates.find((one) => one.name === name)?.answers;
    if (answers === undefined) throw new Error(`the recording has no answers of ${name}`);
    return answers;
  };
  const played = (answers: readonly RecordedAnswer[]): readonly PlayedAnswer[] =>
    answers.map(({ score = 0, latencyMs }, index) => ({
      score,
      latencyMs,
      quality: 1 - (score - (requests[index]?.late === true ? 1 : 0)) ** 2,
    }));
  const answersOf: Readonly<Record<RecordedModel, readonly PlayedAnswer[]>> = {
    champion: played(requests.map(({ champion }) => champion)),
    retrain: played(candidate('retrain')),
    celsius: played(candidate('celsius')),
  };
  const slow = candidate('explained-forest').map(({ latencyMs }) => latencyMs * slowness);
  return {
    requests: requests.length,
    answer: (model, request) => at(answersOf[model], request),
    slowLatencyMs: (request) => at(slow, request % slow.length),
  };
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`the recording has no request ${index}`);
  return found;
}
