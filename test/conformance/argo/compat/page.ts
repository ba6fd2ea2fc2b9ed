/** The tables of the page that say what was seen. */
import { fillPage } from '../../../docs/how-verdicts/fill-page.js';
import { markdownTable } from '../../../support/pages/markdown-table.js';
import { formatted, readRepositoryFile } from '../../../support/pages/repository-files.js';
import { contract } from './contract/index.js';
import { facts } from './facts.js';
import { rolloutCases } from './rollouts/rollout-cases.js';
import type { Release } from './releases.js';

export const pagePath = 'docs/compatibility.md';

/** What a release was seen to do. */
export interface Seen {
  readonly release: Release;
  /** The cases that it keeps, by their names. */
  readonly kept: ReadonlySet<string>;
  /** What becomes of each fact, by its name. */
  readonly outcomes: ReadonlyMap<string, string>;
}

/** The page with its tables made anew. */
export async function compatibilityPage(all: readonly Seen[]): Promise<string> {
  const blocks = new Map([
    ['argo-releases', releaseTable(all)],
    ['argo-contract', contractTable(all)],
    ['argo-rollouts', rolloutTable(all)],
    ['argo-facts', factTable(all)],
  ]);
  return formatted(pagePath, fillPage(readRepositoryFile(pagePath), blocks));
}

function releaseTable(all: readonly Seen[]): string {
  return markdownTable(
    ['Argo Rollouts', 'cases kept', 'its conditions are read by', 'its client is that of Kubernetes'],
    all.map(({ release, kept }) => [
      release.version,
      `${kept.size} of ${contract.length + rolloutCases.length}`,
      `\`${release.expressions}\``,
      release.kubernetesClient,
    ]),
  );
}

function contractTable(all: readonly Seen[]): string {
  return markdownTable(
    ['template', 'the service answers', 'measurements', 'the run', ...versions(all)],
    contract.map((one) => [
      `\`${one.template}\``,
      one.answers,
      one.measurements.join(', '),
      one.run === 'Running' ? 'goes on' : one.run,
      ...all.map(({ kept }) => (kept.has(one.name) ? 'yes' : 'no')),
    ]),
  );
}

function rolloutTable(all: readonly Seen[]): string {
  return markdownTable(
    ['the service answers', 'the Rollout', ...versions(all)],
    rolloutCases.map(({ name, answers, becomes }) => [
      answers,
      becomes,
      ...all.map(({ kept }) => (kept.has(name) ? 'yes' : 'no')),
    ]),
  );
}

function factTable(all: readonly Seen[]): string {
  return markdownTable(
    ['what arrives', ...versions(all)],
    facts.map(({ name, answer }) => [answer, ...all.map(({ outcomes }) => outcomes.get(name) ?? '')]),
  );
}

function versions(all: readonly Seen[]): readonly string[] {
  return all.map(({ release }) => release.version);
}
