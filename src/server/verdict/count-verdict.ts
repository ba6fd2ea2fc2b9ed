import type { Config } from '../../config/config.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import type { Metrics } from '../../telemetry/metrics.js';

/** The label of models that the config does not list, so that the number of series stays bounded. */
const otherModel = 'other';

/** Counts an answer, and shows where the guardrails of a listed model stand. */
export function countVerdict(
  metrics: Metrics,
  config: Config,
  document: VerdictDocument,
  namespace: string,
): void {
  const { model } = document;
  const listed = [`${namespace}/${model}`, model].find((name) => config.models.has(name));
  const label = listed ?? otherModel;
  const guardrail = guardrailLabel(config, document);
  const reason = document.reasons[0]?.code ?? 'none';
  metrics.verdicts.inc({ model: label, guardrail, verdict: document.verdict, reason });
  if (listed === undefined) return;
  for (const { name, estimate, evidence } of document.guardrails) {
    if (estimate !== null) metrics.guardrailEstimate.set({ model: label, guardrail: name }, estimate);
    for (const direction of ['rollback', 'promote'] as const) {
      const has = evidence[direction];
      const needed = evidence[`${direction}Needed`];
      if (has !== null && Number.isFinite(has) && needed > 0) {
        metrics.guardrailEvidence.set({ model: label, guardrail: name, direction }, has / needed);
      }
    }
  }
}

/** The guardrail that was asked for, if any policy has it: a request may write anything there. */
function guardrailLabel(config: Config, { guardrail }: VerdictDocument): string {
  if (guardrail === undefined) return 'combined';
  const known = [...config.policies.values()].some((policy) =>
    policy.guardrails.some(({ name }) => name === guardrail),
  );
  return known ? guardrail : 'unknown';
}
