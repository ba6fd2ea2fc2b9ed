/** The arguments of a template: each one declared once, used, and of a form that Argo resolves. */
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import type { AnalysisTemplate } from '../argo-documents.js';

const placeholder = /\{\{(.*?)\}\}/g;

export function checkTemplateArguments(template: AnalysisTemplate): readonly FieldError[] {
  const { args, metrics } = template.spec;
  const declared = args.map((arg) => arg.name);
  const used = new Set<string>();
  const found: FieldError[] = [];

  metrics.forEach((metric, index) => {
    // Argo writes the whole metric as JSON and fills in the text, so a placeholder may stand in any string of it.
    for (const [whole, tag = ''] of JSON.stringify(metric).matchAll(placeholder)) {
      const name = /^args\.(.+)$/.exec(tag.trim())?.[1];
      if (name !== undefined) used.add(name);
      if (name !== undefined && declared.includes(name)) continue;
      const message = `${whole} is not declared; ${suggestName(name ?? tag.trim(), declared)}`;
      found.push({ path: `spec.metrics[${index}]`, message });
    }
  });

  args.forEach((arg, index) => {
    const report = (message: string) => found.push({ path: `spec.args[${index}]`, message });
    if (declared.indexOf(arg.name) !== index) report(`"${arg.name}" is declared twice`);
    if (!used.has(arg.name)) report(`"${arg.name}" is used nowhere`);
    if (arg.value !== undefined && arg.valueFrom !== undefined)
      report(`"${arg.name}" has both value and valueFrom`);
    // The CRD knows the field, the controller fills it in for a Rollout's arguments only.
    if (arg.valueFrom?.fieldRef !== undefined)
      report(`"${arg.name}": a fieldRef is resolved only in a Rollout`);
  });
  return found;
}
