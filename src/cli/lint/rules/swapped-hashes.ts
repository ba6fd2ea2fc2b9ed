import type { AnalysisUse } from '../argo/analysis-use.js';
import type { Argument } from '../argo/argument.js';
import { placeholdersIn } from '../argo/placeholders.js';
import type { Template } from '../argo/template.js';
import type { Problem } from '../finding.js';
import { askedRequest, type AskedRequest } from '../request/request.js';
import type { Rule } from '../rule.js';

const roles = {
  canary: { wanted: 'latest-hash', word: 'Latest', name: /canary|latest/i, other: /stable|baseline/i },
  stable: { wanted: 'stable-hash', word: 'Stable', name: /stable|baseline/i, other: /canary|latest/i },
} as const;

type Role = keyof typeof roles;

/** The versions change with every rollout: only Argo knows their hashes. */
export const swappedHashes: Rule = {
  name: 'swapped-hashes',
  severity: 'error',
  what: 'canary and stable are not the hashes of the Rollout, or the one of the other',
  of: 'use',
  check(use) {
    const told = new Set<Argument>();
    return use.templates.flatMap((template) =>
      use.metricsOf(template).flatMap((metric) => {
        const request = metric.callsVerdict ? askedRequest(metric, use.valuesFor(template)) : undefined;
        if (request === undefined) return [];
        return (['canary', 'stable'] as const).flatMap((role): readonly Problem[] => {
          const argument = use.argument(request.templateArgument(role));
          if (argument === undefined) return writtenOut(use, template, request, role);
          const message = wrongHash(argument, role, use.role === 'experiment');
          if (message === undefined) return [];
          if (isMisnamed(argument, role)) return [misplaced(use, template, request, { argument, role })];
          if (told.has(argument)) return [];
          told.add(argument);
          const own = role === 'canary' ? 'canary' : 'baseline';
          const fix =
            use.role === 'experiment'
              ? `give the hash of the experiment's own ${own}: value: '{{templates.${own}.podTemplateHash}}'`
              : `write valueFrom: { podTemplateHashValue: ${roles[role].word} }`;
          return [{ field: argument.field, message, fix }];
        });
      }),
    );
  },
};

/** Whether the argument gets what its name says, so that it is the template that takes it for the other version. */
function isMisnamed({ name, from, value = '' }: Argument, role: Role): boolean {
  const { name: own, other } = roles[role];
  if (!other.test(name) || own.test(name)) return false;
  return from === 'value'
    ? other.test(value)
    : from === roles[role === 'canary' ? 'stable' : 'canary'].wanted;
}

function misplaced(
  use: AnalysisUse,
  template: Template,
  request: AskedRequest,
  { argument, role }: { readonly argument: Argument; readonly role: Role },
): Problem {
  const right = use.args.find(({ name }) => roles[role].name.test(name) && !roles[role].other.test(name));
  return {
    field: request.fieldOf(role),
    object: template,
    message: `"${argument.name}" is asked for as the ${role}, and gets the hash of the other version as its name says: the wrong version is judged`,
    fix: `write ${role}: '{{ args.${right?.name ?? `${role}-hash`} }}'`,
  };
}

/** A version that the template itself says. */
function writtenOut(
  use: AnalysisUse,
  template: Template,
  request: AskedRequest,
  role: Role,
): readonly Problem[] {
  const text = request.textOf(role) ?? '';
  const value = request.values[role];
  const given = request.templateArgument(role);
  if (use.role === 'experiment' || typeof value !== 'string' || value === '') return [];
  if (given === undefined && placeholdersIn(text).length > 0) return [];
  return [
    {
      field: template.args.find(({ name }) => name === given)?.field.at('value') ?? request.fieldOf(role),
      object: template,
      message: `the ${role} of the question is written out: the next rollout has another hash, so that an old version is judged`,
      fix: `write ${role}: '{{ args.${role}-hash }}' and give the argument podTemplateHashValue: ${roles[role].word}`,
    },
  ];
}

function wrongHash({ from, value, name }: Argument, role: Role, inExperiment: boolean): string | undefined {
  const { wanted, other } = roles[role];
  if (inExperiment) {
    const template = /\{\{\s*templates\.([\w-]+)\.podTemplateHash\s*\}\}/.exec(value ?? '')?.[1];
    return template !== undefined && other.test(template)
      ? `"${name}" is the ${role} of the question and gets the hash of "${template}": the roles are swapped, and the wrong version is judged`
      : undefined;
  }
  if (from === wanted) return undefined;
  switch (from) {
    // Labels and annotations may hold whatever an application calls its versions.
    case 'field':
    case 'nothing':
    case 'secret':
      return undefined;
    case 'latest-hash':
    case 'stable-hash':
      return `"${name}" is the ${role} of the question and gets the hash of the other version: the wrong version is judged`;
    case 'unknown-hash':
      return `"${name}" has a podTemplateHashValue other than Latest or Stable: Argo refuses the Rollout`;
    case 'value':
      // Without a stable version absolute guardrails are judged.
      return value === '' && role === 'stable'
        ? undefined
        : `"${name}" is the ${role} of the question and is written out: the next rollout has another hash, so that an old version is judged`;
  }
}
