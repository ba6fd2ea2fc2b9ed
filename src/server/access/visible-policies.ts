import type { AccessScope, Config } from '../../config/index.js';
import { builtInPolicies } from '../../judge/index.js';
import type { Caller } from './caller.js';

/**
 * The names of policies that a caller is told: the built-in ones, those that the config has for models which it may do
 * this with, and that of the model which it asks about. A name may say what another team is about to do; whoever knows it
 * may use it all the same.
 */
export function visiblePolicies(
  { models, policies }: Pick<Config, 'models' | 'policies'>,
  caller: Caller,
  scope: AccessScope,
  asked?: string,
): readonly string[] {
  const names = [...policies.keys()];
  if (caller.mayWithAll(scope)) return names;
  const visible = new Set([...builtInPolicies.keys(), asked]);
  for (const [entry, { policy }] of models) {
    if (policy !== undefined && mayWithEntry(entry, caller, scope)) visible.add(policy);
  }
  return names.filter((name) => visible.has(name));
}

/**
 * Whether an entry of the config is for a model of the caller. Whose a model without a namespace is the caller's namespaces
 * do not say: it has to be listed for it. An entry with a slash is read as `namespace/model` alone.
 */
function mayWithEntry(entry: string, caller: Caller, scope: AccessScope): boolean {
  if (entry === '*') return true;
  const slash = entry.indexOf('/');
  return slash < 0
    ? caller.isListedFor(scope, entry)
    : caller.may(scope, entry.slice(0, slash), entry.slice(slash + 1));
}
