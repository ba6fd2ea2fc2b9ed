import { nearestName } from '../../../domain/nearest-name.js';
import { quote } from '../../../domain/parsing.js';
import { selectorText } from '../../../sources/prometheus/signals/selector.js';
import type { ModelQueries } from '../../../sources/prometheus/signals/signal.js';
import { versionPlaceholder, type ComparedVersions } from '../../../sources/prometheus/signals/versions.js';
import type { Asking } from '../asking.js';
import { error, ok, warning, type CheckResult } from '../finding.js';
import { labelList } from '../label-list.js';
import type { VersionOf } from '../version-names.js';
import { counted, listed } from '../words.js';

const check = 'version';

/** The values of the version label among the series of requests, each with the number of its series; `''`: without it. */
export async function versionValues(
  asking: Asking,
  { version: { label }, signals }: ModelQueries,
): Promise<ReadonlyMap<string, number>> {
  const { metrics, where } = signals.requests.plus;
  const groups = await asking.instant(
    `count by (${labelList([label])}) (${asking.lastOf(selectorText(metrics, where))})`,
  );
  return new Map(groups.map(({ labels, values }) => [labels[label] ?? '', Number(values.at(-1) ?? 0)]));
}

/** Whether versions can be told by their label, and whether those that were named are there. */
export function checkVersions(
  { version: { label, pattern } }: ModelQueries,
  values: ReadonlyMap<string, number>,
  versionOf: VersionOf,
  compared: ComparedVersions | undefined,
): readonly CheckResult[] {
  const texts = [...values.keys()].filter((text) => text !== '');
  const without = values.get('') ?? 0;
  if (texts.length === 0) {
    return [
      error(
        check,
        `no series of requests has the label ${label}, by which versions are told`,
        `have the scrape add it (relabeling in the PodMonitor or scrape config), or set version to a label that is there`,
      ),
    ];
  }
  const known = texts.flatMap((text) => versionOf({ [label]: text }) ?? []);
  const results: CheckResult[] = [];
  if (compared !== undefined) results.push(...missingVersions(texts, known, label, compared));
  else if (known.length === 0) {
    results.push(
      error(
        check,
        `the label ${label} is ${listed(texts)}: none fits the pattern ${quote(pattern)}`,
        'write the pattern as the label is made: `*` is any text, {{version}} the version',
      ),
    );
  }
  if (results.length === 0) results.push(ok(check, toldBy(label, pattern, texts, known, compared)));
  if (without > 0) {
    results.push(
      warning(
        check,
        `${counted(without, 'series')} of requests without the label ${label}: their requests count for no version`,
        'have the scrape give it to all pods of the model, or leave others out with where',
      ),
    );
  }
  return results;
}

function toldBy(
  label: string,
  pattern: string,
  texts: readonly string[],
  known: readonly string[],
  compared: ComparedVersions | undefined,
): string {
  const isPlain = pattern === versionPlaceholder;
  if (compared !== undefined) {
    return `${listed(Object.values(compared))} told by the label ${label}${isPlain ? '' : ` with ${quote(pattern)}`}`;
  }
  if (isPlain) return `the label ${label} is ${listed(texts)}`;
  const guessed = pattern.includes('*') ? 'seems to name' : 'names';
  return `the label ${label} with ${quote(pattern)} ${guessed} ${listed(known)}`;
}

function missingVersions(
  texts: readonly string[],
  known: readonly string[],
  label: string,
  { canary, stable }: ComparedVersions,
): readonly CheckResult[] {
  return Object.entries({ canary, stable }).flatMap(([role, version]) => {
    if (version === undefined || known.includes(version)) return [];
    const nearest = nearestName(version, texts);
    return [
      error(
        check,
        `no requests of the ${role} version ${quote(version)}: the label ${label} is ${listed(texts)}`,
        nearest === undefined
          ? `deploy it, or name it as the label has it`
          : `did you mean ${quote(nearest)}?`,
      ),
    ];
  });
}
