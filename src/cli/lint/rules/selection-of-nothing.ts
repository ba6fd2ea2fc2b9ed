import { isReadable, selects, type MetricSelection } from '../argo/metric-selection.js';
import type { Metric } from '../argo/metric.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

function unmatched(selections: readonly MetricSelection[], metrics: readonly Metric[]): readonly Problem[] {
  const names = metrics.map(({ name }) => name);
  return selections
    .filter((selection) => !names.some((name) => selects(selection, name)))
    .map((selection): Problem => {
      const { field, pattern } = selection;
      const fix = `name one of ${names.map((name) => `^${name}$`).join(', ')}`;
      if (isReadable(selection)) {
        const message = `"${pattern}" matches no metric: the run ends in Error and the rollout aborts`;
        return { field, message, fix };
      }
      const message = `lint cannot tell which metrics "${pattern}" matches; where it is none, or no pattern to Go, the run ends in Error`;
      return { field, message, fix, severity: 'warning' };
    });
}

/** Argo wants each rule to match a metric. */
export const selectionOfNothing: Rule = {
  name: 'selection-of-nothing',
  severity: 'error',
  what: 'a dryRun or measurementRetention rule of a template that matches no metric: the run ends in Error',
  of: 'template',
  check: (template) =>
    template.nested.length > 0
      ? []
      : unmatched([...template.dryRuns, ...template.retentions], template.metrics),
};

/** The same for the rules that a Rollout adds. */
export const useSelectionOfNothing: Rule = {
  name: 'rollout-selection-of-nothing',
  severity: 'error',
  what: 'the same of a rule in a Rollout',
  of: 'use',
  check: (use) => (use.missing.length > 0 ? [] : unmatched([...use.dryRuns, ...use.retentions], use.metrics)),
};
