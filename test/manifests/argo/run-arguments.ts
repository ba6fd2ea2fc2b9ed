import type { AnalysisTemplate, Argument } from '../argo-documents.js';

/** What a Rollout knows when it starts a run. */
export interface RolloutFacts {
  readonly latestHash: string;
  readonly stableHash: string;
  /** By field path: `metadata.namespace`, `status.currentStepIndex`. */
  readonly fields: Readonly<Record<string, string>>;
  /** For the analyses of an experiment: the hashes of its templates, by their names. */
  readonly experimentHashes?: Readonly<Record<string, string>>;
}

/** The arguments of an analysis step with their references resolved, as the controller does it at the start. */
export function stepArguments(args: readonly Argument[], facts: RolloutFacts): ReadonlyMap<string, string> {
  return new Map(
    args.map(({ name, value, valueFrom }) => {
      if (valueFrom?.podTemplateHashValue === 'Latest') return [name, facts.latestHash];
      if (valueFrom?.podTemplateHashValue === 'Stable') return [name, facts.stableHash];
      const path = valueFrom?.fieldRef?.fieldPath;
      const text = path === undefined ? value : facts.fields[path];
      if (text === undefined) throw new Error(`argument ${name} has no value`);
      return [name, facts.experimentHashes === undefined ? text : withHashes(text, facts.experimentHashes)];
    }),
  );
}

/** `{{templates.NAME.podTemplateHash}}` filled in; outside of an experiment it stays the text that it is. */
function withHashes(text: string, hashes: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(.*?)\}\}/g, (whole, tag: string) => {
    const hash = hashes[/^templates\.(.+)\.podTemplateHash$/.exec(tag.trim())?.[1] ?? ''];
    if (hash === undefined) throw new Error(`failed to resolve ${whole}`);
    return hash;
  });
}

/** The Secrets of a namespace: values by `name/key`. */
export type Secrets = ReadonlyMap<string, string>;

/**
 * What a template declares, with the given values over its defaults and its Secrets read; others are dropped. Throws where
 * one is missing.
 */
export function runArguments(
  template: AnalysisTemplate,
  given: ReadonlyMap<string, string>,
  secrets: Secrets = new Map(),
): ReadonlyMap<string, string> {
  return new Map(
    template.spec.args.map(({ name, value, valueFrom }) => {
      const secret = valueFrom?.secretKeyRef;
      const text = given.get(name) ?? value ?? (secret && secrets.get(`${secret.name}/${secret.key}`));
      if (text === undefined) throw new Error(`args.${name} was not resolved`);
      return [name, text];
    }),
  );
}
