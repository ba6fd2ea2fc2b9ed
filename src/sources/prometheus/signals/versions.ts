import { quote } from '../../../domain/parsing.js';
import { failure, success, type Result } from '../../../domain/result.js';
import { AnyTextPattern } from './any-text-pattern.js';
import { oneOf } from './selector.js';
import type { Matcher, VersionSelection } from './signal.js';

/** Where the version's name stands in a pattern. */
export const versionPlaceholder = '{{version}}';

/** The versions that are compared. */
export interface ComparedVersions {
  readonly canary: string;
  readonly stable?: string;
}

/** Whose a series is. `both`: its label fits both patterns, so that nobody can tell. */
export type SeriesArm = 'canary' | 'stable' | 'both';

/** Which series are those of the compared versions. */
export interface VersionMatch {
  /** Selects the series of both versions in one query. */
  readonly matcher: Matcher;
  /** Whose a series is; undefined where it belongs to neither. */
  readonly armOf: (labels: Readonly<Record<string, string>>) => SeriesArm | undefined;
}

/**
 * Reads how versions are told apart for two versions. Fails where all series of one of them would also be taken for the
 * other's: versions `v1` and `v10` with the pattern `{{version}}*`.
 */
export function matchVersions(
  { label, pattern }: VersionSelection,
  { canary, stable }: ComparedVersions,
): Result<VersionMatch> {
  const names = stable === undefined ? [canary] : [canary, stable];
  if (names.includes('')) return problem('expected versions with a name, got an empty one');
  const [own, other] = names.map((name) => fillVersion(pattern, name));
  if (own === undefined) return problem(`expected ${versionPlaceholder} in it once, got ${quote(pattern)}`);
  if (other !== undefined && (own.covers(other) || other.covers(own))) {
    return problem(
      canary === stable
        ? `the canary and the stable version are both ${quote(canary)}`
        : `by ${quote(pattern)} series of ${quote(canary)} and of ${quote(stable)} cannot be told apart; choose a label that is the version, or write more of the text beside ${versionPlaceholder}`,
    );
  }
  const patterns = other === undefined ? [own] : [own, other];
  return success({
    matcher: patterns.every(({ isPlain }) => isPlain)
      ? oneOf(
          label,
          names.map((name) => pattern.replace(versionPlaceholder, () => name)),
        )
      : { label, operator: '=~', value: patterns.map(({ regex }) => regex).join('|') },
    armOf: (labels) => {
      const text = labels[label] ?? '';
      const isCanary = own.matches(text);
      const isStable = other?.matches(text) === true;
      if (isCanary && isStable) return 'both';
      if (isCanary) return 'canary';
      return isStable ? 'stable' : undefined;
    },
  });
}

/** Whether a pattern has the version's name in it, once. */
export function isVersionPattern(pattern: string): boolean {
  return pattern.split(versionPlaceholder).length === 2;
}

/** The pattern with a version's name, in which `*` is just a character. */
function fillVersion(pattern: string, version: string): AnyTextPattern | undefined {
  if (!isVersionPattern(pattern)) return undefined;
  const [before, behind] = pattern.split(versionPlaceholder).map((text) => text.split('*'));
  const parts = [...(before ?? [])];
  const [next = '', ...rest] = behind ?? [];
  const beside = parts.pop() ?? '';
  return new AnyTextPattern([...parts, beside + version + next, ...rest]);
}

function problem(message: string): Result<never> {
  return failure([{ path: 'version', message }]);
}
