import { AnyTextPattern } from '../../sources/prometheus/signals/any-text-pattern.js';
import type { VersionSelection } from '../../sources/prometheus/signals/signal.js';
import {
  matchVersions,
  versionPlaceholder,
  type ComparedVersions,
} from '../../sources/prometheus/signals/versions.js';

/** Names the version of a series by its labels; undefined where its label is none. */
export type VersionOf = (labels: Readonly<Record<string, string>>) => string | undefined;

/** Names the compared versions, and nothing else; undefined where they cannot be told apart. */
export function comparedVersionOf(
  selection: VersionSelection,
  versions: ComparedVersions,
): VersionOf | undefined {
  const match = matchVersions(selection, versions);
  if (!match.ok) return undefined;
  return (labels) => {
    const arm = match.value.armOf(labels);
    return arm === 'canary' || arm === 'stable' ? versions[arm] : undefined;
  };
}

/**
 * Names whatever version a label seems to be of. With any text around it that is a guess: the longest text before and the
 * shortest one behind are taken for it, which is right for the names of pods.
 */
export function anyVersionOf({ label, pattern }: VersionSelection): VersionOf {
  const [before = '', behind = ''] = pattern.split(versionPlaceholder);
  const shape = new AnyTextPattern(pattern.replace(versionPlaceholder, () => '*').split('*'));
  return (labels) => {
    const text = labels[label] ?? '';
    if (text === '' || !shape.matches(text)) return undefined;
    const version = versionWithin(text, before, behind);
    return version === '' ? undefined : version;
  };
}

/** The text between what has to stand directly before and directly behind it. */
function versionWithin(text: string, before: string, behind: string): string {
  const next = behind.split('*')[0] ?? '';
  const previous = before.split('*').at(-1) ?? '';
  const isOpenBehind = behind.includes('*') && next !== '';
  const isOpenBefore = before.includes('*') && previous !== '';
  const end = isOpenBehind ? text.lastIndexOf(next) : text.length - next.length;
  const start = isOpenBefore ? text.lastIndexOf(previous, end - 1) : 0;
  return end < 0 || start < 0 ? '' : text.slice(start + previous.length, end);
}
