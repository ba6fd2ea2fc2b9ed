import type { Argument } from '../argo/argument.js';
import { onlyArgument } from '../argo/placeholders.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

const roles = {
  canary: { wanted: 'latest-hash', word: 'Latest', other: /stable|baseline/ },
  stable: { wanted: 'stable-hash', word: 'Stable', other: /canary/ },
} as const;

/** The versions change with every rollout: only Argo knows their hashes. */
export const swappedHashes: Rule = {
  name: 'swapped-hashes',
  severity: 'error',
  what: 'canary and stable are not the hashes of the Rollout, or the one of the other',
  of: 'use',
  check(use) {
    const told = new Set<Argument>();
    return use.metrics
      .filter((metric) => metric.callsVerdict)
      .flatMap((metric) =>
        (['canary', 'stable'] as const).flatMap((role): readonly Problem[] => {
          const argument = use.argument(onlyArgument(metric.web.at('jsonBody', role).text ?? ''));
          if (argument === undefined || told.has(argument)) return [];
          const message = wrongHash(argument, role, use.role === 'experiment');
          if (message === undefined) return [];
          told.add(argument);
          const fix =
            use.role === 'experiment'
              ? `give the hash of the experiment's own ${role === 'canary' ? 'canary' : 'baseline'}: value: '{{templates.${role === 'canary' ? 'canary' : 'baseline'}.podTemplateHash}}'`
              : `write valueFrom: { podTemplateHashValue: ${roles[role].word} }`;
          return [{ field: argument.field, message, fix }];
        }),
      );
  },
};

function wrongHash(
  { from, value, name }: Argument,
  role: 'canary' | 'stable',
  inExperiment: boolean,
): string | undefined {
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
