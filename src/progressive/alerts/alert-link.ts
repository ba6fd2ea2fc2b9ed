import type { AlertMessage } from './alert-message.js';

/** What the config's template of links may name, each in braces. */
export const linkPlaceholders = ['namespace', 'model', 'rollout', 'verdict'] as const;

const placeholder = /\{(\w+)\}/g;

/** The link of an alert from the config's template; null where the template names a verdict and there is none. */
export function alertLink(
  template: string,
  { namespace, model, rollout, alert }: Pick<AlertMessage, 'namespace' | 'model' | 'rollout' | 'alert'>,
): string | null {
  const values: Readonly<Record<string, string | null>> = {
    namespace,
    model,
    rollout,
    verdict: alert.verdictId,
  };
  const named = [...template.matchAll(placeholder)].map(([, name = '']) => values[name] ?? null);
  if (named.includes(null)) return null;
  return template.replace(placeholder, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

/** The names in braces of a template that there is nothing for. */
export function unknownPlaceholders(template: string): readonly string[] {
  const known: readonly string[] = linkPlaceholders;
  return [...template.matchAll(placeholder)].flatMap(([, name = '']) => (known.includes(name) ? [] : [name]));
}
