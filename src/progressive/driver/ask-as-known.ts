import type { VerdictRequest } from '../machine/verdict-request.js';
import type { JudgedModel, StageAnswer, StageJudge } from './stage-judge.js';

/** What the judge's observations call the two versions; absent: as the target calls them. */
export interface KnownVersions {
  readonly canary?: string | undefined;
  readonly stable?: string | undefined;
}

/**
 * Asks under the names that the judge knows, and takes the answer only where it is about those: a verdict on other versions
 * moves nothing.
 */
export async function askAsKnown(
  judge: StageJudge,
  model: JudgedModel,
  request: VerdictRequest,
  versions: KnownVersions | undefined,
  signal: AbortSignal,
): Promise<StageAnswer> {
  const canary = versions?.canary ?? request.canary;
  const stable = versions?.stable ?? request.stable;
  if (canary === stable) {
    return { kind: 'unavailable', reason: `the canary and the stable version are both "${canary}"` };
  }
  const answer = await judge.ask(model, { ...request, canary, stable }, signal);
  if (answer.kind !== 'verdict') return answer;
  const { verdict } = answer;
  if (verdict.canary !== canary || verdict.stable !== stable) {
    const reason = `asked about ${canary} beside ${stable}, answered about ${verdict.canary} beside ${verdict.stable}`;
    return { kind: 'unavailable', reason };
  }
  const subject = subjectOf(model, versions);
  return {
    kind: 'verdict',
    verdict: { ...verdict, canary: request.canary, stable: request.stable, subject },
  };
}

/** Whose traffic is judged, in words that change with what the spec of a rollout says of it. */
export function subjectOf({ namespace, model }: JudgedModel, versions: KnownVersions | undefined): string {
  return [namespace, model, versions?.canary ?? '', versions?.stable ?? ''].join('/');
}
