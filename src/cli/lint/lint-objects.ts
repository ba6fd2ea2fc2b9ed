import type { LintedObject } from './argo/linted-object.js';
import { severities, type Finding, type Problem } from './finding.js';
import type { LintContext, Rule } from './rule.js';
import { rules } from './rules/index.js';

/** What all rules find in the objects of a project, by file and line; each thing once. */
export function lintObjects(context: LintContext): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const rule of rules) {
    for (const [object, problem] of problemsOf(rule, context)) {
      const finding = findingOf(rule, object, problem);
      const { file, line, path, message } = finding;
      found.set(JSON.stringify([rule.name, file, line, path, message]), finding);
    }
  }
  return [...found.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      compare(a.rule, b.rule),
  );
}

type Located = readonly [LintedObject, Problem];

function problemsOf(rule: Rule, context: LintContext): readonly Located[] {
  const { templates, rollouts, uses } = context.project;
  const asking = templates.filter(({ verdictMetrics }) => verdictMetrics.length > 0);
  const of = (object: LintedObject, problems: readonly Problem[]): readonly Located[] =>
    problems.map((problem) => [problem.object ?? object, problem]);
  switch (rule.of) {
    case 'metric':
      return asking.flatMap((template) =>
        template.verdictMetrics.flatMap((metric) => of(template, rule.check({ metric, template }, context))),
      );
    case 'template':
      return asking.flatMap((template) => of(template, rule.check(template, context)));
    case 'rollout':
      return rollouts
        .filter((rollout) => uses.some(({ owner, asksVerdict }) => owner === rollout && asksVerdict))
        .flatMap((rollout) => of(rollout, rule.check(rollout, context)));
    case 'use':
      return uses
        .filter(({ asksVerdict, missing }) => asksVerdict || missing.length > 0)
        .flatMap((use) => of(use.owner, rule.check(use, context)));
  }
}

function findingOf(rule: Rule, object: LintedObject, { field, message, fix, severity }: Problem): Finding {
  return {
    rule: rule.name,
    severity: severity ?? rule.severity,
    file: field.file,
    line: field.line,
    object: object.title,
    path: field.path,
    message,
    fix,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
