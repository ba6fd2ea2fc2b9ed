import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { choosePolicy } from '../../../src/cli/choose-policy.js';
import { invalidInput } from '../../../src/domain/errors.js';
import type { Policy } from '../../../src/domain/policy.js';
import {
  judgeNamed,
  judges,
  lowerConfidence,
  variant,
  type JudgeFunction,
  type StreamJudge,
} from './judges/index.js';
import type { Scenario } from './scenario.js';

/** Something with a name and a place in the file system, as `NAME=PATH` on the command line. */
export interface NamedPath {
  readonly name: string;
  readonly path: string;
}

/** Which judges are to be compared. */
export interface JudgeSelection {
  /** Empty: all. */
  readonly names: readonly string[];
  /** Policy files that the production judge judges with. */
  readonly policies: readonly NamedPath[];
  /** Other copies of the repository, whose judge judges with its own default policy. */
  readonly variants: readonly NamedPath[];
}

/** The judges to be run on a scenario. */
export type JudgesOf = (scenario: Pick<Scenario, 'lowerConfidence'>) => readonly StreamJudge[];

/**
 * Reads policy files and loads other copies of the judge.
 *
 * @throws RangeError for a judge that does not exist, VerdictError for a policy that cannot be read
 */
export async function selectJudges(selection: JudgeSelection): Promise<JudgesOf> {
  const named = selection.names.map(judgeNamed);
  const ofPolicies = selection.policies.map(({ name, path }) => {
    const policy = readPolicy(path);
    return variant(name, () => policy);
  });
  const ofVariants = await Promise.all(selection.variants.map(loadVariant));
  const added = [...ofPolicies, ...ofVariants];
  return (scenario) => {
    if (named.length > 0) return [...named, ...added];
    return [...judges, ...(scenario.lowerConfidence === true ? [lowerConfidence] : []), ...added];
  };
}

function readPolicy(path: string): Policy {
  const policy = choosePolicy({ policy: resolve(path) }, {});
  if (!policy.ok) throw invalidInput(policy.errors);
  return policy.value;
}

/** The judge and the default policy of another copy of the repository. */
async function loadVariant({ name, path }: NamedPath): Promise<StreamJudge> {
  const address = pathToFileURL(resolve(path, 'src/judge/index.ts')).href;
  const other = (await import(address)) as {
    readonly judge: JudgeFunction;
    readonly defaultPolicy: () => Policy;
  };
  const policy = other.defaultPolicy();
  return variant(name, () => policy, other.judge);
}
