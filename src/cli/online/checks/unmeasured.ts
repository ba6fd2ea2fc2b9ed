import type { GuardrailSettings } from '../../../domain/policy.js';
import { suggestName } from '../../../domain/nearest-name.js';
import { quote } from '../../../domain/parsing.js';
import { isNeeded } from '../../prometheus-warnings.js';
import { warning, type CheckResult } from '../finding.js';
import type { ProbedModel } from '../probed-model.js';
import { listed } from '../words.js';

/** Guardrails of the policy for which the model has no signal: they hold, so that nothing is promoted. */
export function checkUnmeasured({
  queries,
  guardrails,
}: Pick<ProbedModel, 'queries' | 'guardrails'>): readonly CheckResult[] {
  const { signals, missing } = queries;
  const required = guardrails.filter((settings) => settings.required === true);
  const without = (signal: 'errors' | 'latency' | 'predictions', why: string): readonly CheckResult[] => {
    const names = required.filter((settings) => isNeeded(signal, [settings])).map(({ name }) => name);
    if (names.length === 0) return [];
    return [
      warning(
        signal,
        `not measured, so that ${listed(names)} holds and nothing is promoted: ${missing[signal] ?? why}`,
        `name the metric in ${signal}, or choose a policy without that guardrail`,
      ),
    ];
  };
  const outputs = Object.keys(signals.predictions);
  return [
    ...(signals.errors === undefined ? without('errors', 'no metric of errors is named') : []),
    ...(signals.latency === undefined ? without('latency', 'no metric of request times is named') : []),
    ...(outputs.length === 0
      ? without('predictions', 'no metric of predictions is named')
      : required.flatMap((settings) => otherOutput(settings, outputs))),
  ];
}

function otherOutput(settings: GuardrailSettings, outputs: readonly string[]): readonly CheckResult[] {
  const output = 'output' in settings ? settings.output : undefined;
  if (typeof output !== 'string' || outputs.includes(output)) return [];
  return [
    warning(
      'predictions',
      `${settings.name} reads the output ${quote(output)}, which is not among predictions; ${suggestName(output, outputs)}`,
      `set output of that guardrail, or name the output ${quote(output)} in predictions`,
    ),
  ];
}
