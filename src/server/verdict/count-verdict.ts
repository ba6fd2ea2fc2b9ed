import type { Config } from '../../config/config.js';
import type { GuardrailVerdict, VerdictDocument } from '../../domain/verdict.js';
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
  for (const one of document.guardrails) showGuardrail(metrics, label, one);
}

/** Where one guardrail stands: its estimate, what that is compared with, and how much evidence there is. */
function showGuardrail(metrics: Metrics, model: string, guardrail: GuardrailVerdict): void {
  const { name, estimate, evidence } = guardrail;
  const labels = { model, guardrail: name };
  if (estimate !== null) metrics.guardrailEstimate.set(labels, estimate);
  const thresholds = {
    promote: guardrail.promoteBelow ?? guardrail.promoteAbove,
    rollback: guardrail.rollbackAbove ?? guardrail.rollbackBelow,
  };
  for (const side of ['rollback', 'promote'] as const) {
    const threshold = thresholds[side];
    if (threshold !== undefined) metrics.guardrailThreshold.set({ ...labels, side }, threshold);
    const has = evidence[side];
    const needed = evidence[`${side}Needed`];
    if (has !== null && Number.isFinite(has) && needed > 0) {
      metrics.guardrailEvidence.set({ ...labels, direction: side }, has / needed);
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
