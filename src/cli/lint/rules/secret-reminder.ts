import type { Argument } from '../argo/argument.js';
import type { Template } from '../argo/template.js';
import type { Rule } from '../rule.js';

/** Told once for each Secret: many templates name the same one. */
export const secretReminder: Rule = {
  name: 'secret-reminder',
  severity: 'note',
  what: 'which Secrets have to be in the namespace of the Rollout',
  of: 'template',
  check(template, { project }) {
    const first = (argument: Argument) =>
      project.templates.flatMap(secretsOf).find((other) => secretName(other) === secretName(argument));
    return secretsOf(template)
      .filter((argument) => first(argument) === argument)
      .map((argument) => {
        const secret = argument.field.at('valueFrom', 'secretKeyRef');
        const name = secret.at('name').text ?? '';
        const key = secret.at('key').text ?? '';
        return {
          field: secret,
          message: `Argo reads the Secret "${name}" (key "${key}") from the namespace of the Rollout, also for a ClusterAnalysisTemplate; without it the run is an Error and the rollout aborts`,
          fix: `kubectl create secret generic ${name} --from-literal=${key}="$(cat TOKEN_FILE)" -n NAMESPACE, without a newline behind the token`,
        };
      });
  },
};

function secretsOf(template: Template): readonly Argument[] {
  if (template.isRun || template.verdictMetrics.length === 0) return [];
  return template.args.filter(({ from }) => from === 'secret');
}

function secretName({ field }: Argument): string {
  const secret = field.at('valueFrom', 'secretKeyRef');
  return JSON.stringify([secret.at('name').text, secret.at('key').text]);
}
