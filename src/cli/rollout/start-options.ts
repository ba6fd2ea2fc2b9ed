import { existsSync } from 'node:fs';
import type { Command as RolloutCommand } from '../../progressive/index.js';
import type { ClusterOptions } from './cluster-options.js';
import type { JudgeOptions } from './foreground-options.js';

/** `rollout start` as it was typed. */
export interface StartOptions extends ClusterOptions, JudgeOptions {
  readonly file: string;
  readonly foreground?: boolean;
  readonly follow: boolean;
  readonly dryRun?: boolean;
  readonly state?: string;
  readonly first?: RolloutCommand['kind'];
}

/** What only a process that drives the rollout itself does something with. */
const foregroundFlags = {
  state: '--state',
  first: '--first',
  service: '--service',
  serviceTokenFile: '--service-token-file',
  serviceCaFile: '--service-ca-file',
  config: '--config',
} as const satisfies Partial<Record<keyof StartOptions, string>>;

/** What is wrong with options together: one that would be ignored is refused. Undefined: nothing. */
export function startOptionsFault(options: StartOptions): string | undefined {
  const { foreground = false, follow, state, first } = options;
  const names = Object.keys(foregroundFlags) as (keyof typeof foregroundFlags)[];
  const idle = names.find((name) => options[name] !== undefined);
  if (!foreground && idle !== undefined) {
    return `${foregroundFlags[idle]} is for --foreground: without it the controller drives the rollout, by its own options`;
  }
  if (foreground && !follow)
    return '--no-follow is for a rollout that the controller drives, not for --foreground';
  if (first === undefined) return undefined;
  if (state === undefined) {
    return `--first ${first} needs --state: without a state there is no rollout that it could be about, and another one would begin`;
  }
  return existsSync(state)
    ? undefined
    : `--first ${first} is about the rollout that --state is of, and there is no file ${state}`;
}
