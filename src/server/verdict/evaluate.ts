import { suggestName } from '../../domain/nearest-name.js';
import { quote } from '../../domain/parsing.js';
import type { Policy } from '../../domain/policy.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import { judge, type Question } from '../../judge/index.js';
import type { ObservationAnswer, ObservationQuery } from '../../sources/observation-source.js';
import { hold, type Hold } from './hold.js';
import { observationsAtStage } from './stage.js';
import type { VerdictRequest } from './verdict-request.js';

/** What came of a question: a document of the judge, or why there was nothing to judge. */
export type Evaluation =
  | { readonly kind: 'judged'; readonly document: VerdictDocument }
  /** `lasting`: the same question about the same state would be answered the same. */
  | { readonly kind: 'hold'; readonly hold: Hold; readonly lasting: boolean };

/** Judges what a source answered. */
export function evaluate(
  policy: Policy,
  question: Question,
  { query, given }: Pick<VerdictRequest, 'query' | 'given'>,
  answer: ObservationAnswer,
): Evaluation {
  switch (answer.kind) {
    case 'observations': {
      const document = judge(policy, observationsAtStage(answer.observations, policy, given.stage), question);
      return {
        kind: 'judged',
        document: answer.isTold === true ? { ...document, source: answer.details } : document,
      };
    }
    case 'unknown-model':
    case 'unknown-version':
      return { kind: 'hold', hold: unknownName(query, answer), lasting: true };
    case 'partial':
      return { kind: 'hold', hold: hold('partial-data', answer.reason), lasting: false };
    case 'unavailable':
      return { kind: 'hold', hold: hold('source-unavailable', answer.reason), lasting: false };
  }
}

/** The sentence for a model or version that the source does not know. */
export function unknownName(
  query: ObservationQuery,
  answer: Extract<ObservationAnswer, { readonly kind: 'unknown-model' | 'unknown-version' }>,
): Hold {
  if (answer.kind === 'unknown-model') {
    return hold(
      'unknown-model',
      `model: nothing was recorded for ${quote(query.model)} in namespace ${quote(query.namespace)}; ${suggestName(query.model, answer.known)}`,
    );
  }
  const path = answer.version === query.canary ? 'canary' : 'stable';
  // The other arm's version is no slip of the pen for this one.
  const others = answer.known.filter((name) => name !== query.canary && name !== query.stable);
  return hold(
    'unknown-version',
    `${path}: nothing was recorded for version ${quote(answer.version)} of ${quote(query.model)}; ${suggestName(answer.version, others)}`,
  );
}
