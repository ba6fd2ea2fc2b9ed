/** `dryRun` and `measurementRetention` choose metrics by regular expressions. */
import type { FieldError } from '../../../src/domain/errors.js';
import type { AnalysisTemplate, Metric } from '../argo-documents.js';
import { longestSeconds, wholeNumber } from './metric-limits.js';

export function checkMetricSelections(template: AnalysisTemplate): readonly FieldError[] {
  return [
    ...checkSelection(template, 'dryRun'),
    ...checkSelection(template, 'measurementRetention'),
    ...checkRetention(template),
    ...checkGates(template),
  ];
}

function checkSelection(
  template: AnalysisTemplate,
  field: 'dryRun' | 'measurementRetention',
): readonly FieldError[] {
  const names = template.spec[field].map((entry) => entry.metricName);
  return names.flatMap((name, index) => {
    const path = `spec.${field}[${index}].metricName`;
    if (names.indexOf(name) !== index) return [{ path, message: `"${name}" stands here twice` }];
    if (selected(template, name).length > 0) return [];
    return [{ path, message: `"${name}" matches no metric: the run would end in Error` }];
  });
}

function checkRetention(template: AnalysisTemplate): readonly FieldError[] {
  return template.spec.measurementRetention.flatMap(({ limit }, index) =>
    (wholeNumber(limit) ?? 0) > 0
      ? []
      : [{ path: `spec.measurementRetention[${index}].limit`, message: 'expected a whole number above 0' }],
  );
}

/** Dry-run metrics decide nothing, but a run ends only when they have ended too. */
function checkGates(template: AnalysisTemplate): readonly FieldError[] {
  const dryRun = new Set(template.spec.dryRun.flatMap((entry) => selected(template, entry.metricName)));
  const gates = template.spec.metrics.filter((metric) => !dryRun.has(metric));
  if (gates.length === 0)
    return [{ path: 'spec.dryRun', message: 'expected a metric that decides: all are dry runs' }];
  const longestGate = Math.max(...gates.map(longestSeconds));
  return template.spec.metrics.flatMap((metric, index) =>
    dryRun.has(metric) && longestSeconds(metric) > longestGate
      ? [
          {
            path: `spec.metrics[${index}].count`,
            message: 'a dry run that lasts longer than the gates delays the run',
          },
        ]
      : [],
  );
}

function selected(template: AnalysisTemplate, pattern: string): readonly Metric[] {
  const expression = new RegExp(pattern);
  return template.spec.metrics.filter((metric) => expression.test(metric.name));
}
