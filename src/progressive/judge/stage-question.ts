import { formatInstant } from '../../domain/units.js';
import type { JudgedModel } from '../driver/stage-judge.js';
import type { VerdictRequest } from '../machine/verdict-request.js';

/** A question about a stage as the body of `POST /v1/verdict`. */
export function stageQuestion(
  { namespace, model }: JudgedModel,
  request: VerdictRequest,
): Readonly<Record<string, unknown>> {
  const { canary, stable, policy, confidence, proxyIfUndecided, leftOutSeconds, weights, fromMs } = request;
  return {
    namespace,
    model,
    canary,
    stable,
    policy,
    since: formatInstant(fromMs),
    step: `${weights.at(-1)?.percent ?? 0} %`,
    ...(confidence === null ? {} : { confidence }),
    stage: {
      stabilisation: leftOutSeconds ?? 'none',
      weights: weights.map(({ percent, fromMs: from }) => ({ percent, from: new Date(from).toISOString() })),
      ...(proxyIfUndecided === null ? {} : { proxyIfUndecided }),
    },
  };
}
