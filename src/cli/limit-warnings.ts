import type { GuardrailSettings } from '../domain/policy.js';
import { formatMilliseconds } from '../domain/units.js';
import { guardrailKind } from '../judge/index.js';

/**
 * Limits in milliseconds that are no bound of a histogram.
 *
 * @param histogram whose bounds these are, as a sentence calls it
 */
export function limitsBesideBounds(
  guardrails: readonly GuardrailSettings[],
  boundsMs: readonly number[],
  histogram: string,
): readonly string[] {
  return guardrails.flatMap((settings) => {
    const { planning } = guardrailKind(settings.kind);
    const missing = planning.thresholdsWithoutBound?.(boundsMs, settings) ?? [];
    return missing.map(
      (threshold) =>
        `${settings.name} has a limit at ${formatMilliseconds(threshold)}, ${placeOf(threshold, boundsMs, histogram)}; choose one of its bounds (${boundsMs.join(', ')} ms)`,
    );
  });
}

function placeOf(threshold: number, boundsMs: readonly number[], histogram: string): string {
  const lower = boundsMs.filter((bound) => bound < threshold).at(-1) ?? 0;
  const upper = boundsMs.find((bound) => bound > threshold);
  return upper === undefined
    ? `beyond ${formatMilliseconds(lower)}, the last bound of ${histogram}: nothing is known of what is slower`
    : `between the bounds ${formatMilliseconds(lower)} and ${formatMilliseconds(upper)} of ${histogram}: a verdict has to cross that whole bucket`;
}
