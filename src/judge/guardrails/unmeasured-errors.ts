import type { MissingWords } from '../guardrail-kind.js';
import type { Timeline } from '../timeline.js';

/** Why there are no errors to judge, where requests are counted and nobody knows which of them failed. */
export function unmeasuredErrors({ looks }: Timeline): MissingWords | undefined {
  const isUnmeasured = looks.some(
    ({ canary, stable }) => canary?.errorsUnmeasured === true || stable?.errorsUnmeasured === true,
  );
  if (!isUnmeasured) return undefined;
  return {
    headline: 'errors are not measured',
    told: 'requests are counted, but nothing tells which of them failed',
  };
}
