import type { GuardrailSettings } from '../../domain/policy.js';
import { formatMilliseconds, trimNumber } from '../../domain/units.js';
import type { GuardrailVerdict, ReasonCode, Verdict } from '../../domain/verdict.js';
import type { Thresholds } from '../guardrail-kind.js';
import { guardrailKind } from '../guardrails/index.js';
import type { Undecided, UndecidedCode } from './plan-document.js';
import type { PlannedTraffic } from './planning.js';
import type { AssumedQualities } from './trial.js';

/**
 * Why a canary does not get a verdict, in plain words with what would help.
 *
 * @param last what the judge says of it after a week; undefined where there are no samples
 * @param onlyUnlucky whether the expected counts are decided, and only unfavourable ones are not
 */
export function whyUndecided(
  settings: GuardrailSettings,
  { quality, stableQuality }: AssumedQualities,
  wanted: Exclude<Verdict, 'hold'>,
  last: GuardrailVerdict | undefined,
  onlyUnlucky: boolean,
  traffic: PlannedTraffic,
): Undecided {
  const kind = guardrailKind(settings.kind);
  const shown = kind.planning.formatQuality(quality, settings);
  const missing = kind.planning.thresholdsWithoutBound?.(traffic.latencyBoundsMs, settings) ?? [];
  const because = (code: UndecidedCode, text: string): Undecided => ({ code, text });
  if (last === undefined) return because('no-data', `no ${kind.sampleName} are recorded`);
  if (last.reasonCode === 'not-measured') {
    return because(
      'cannot-be-judged',
      `${traffic.routing} requests cannot be compared with those of the stable version`,
    );
  }
  if (last.reasonCode === 'on-breach-hold') {
    const why =
      settings.onBreach === 'hold'
        ? 'onBreach: hold'
        : `compared with stable under ${traffic.routing} routing`;
    return because('on-breach-hold', `a breach holds, and a person decides (${why})`);
  }
  if (isBetween(quality, kind.thresholds(settings))) {
    return because(
      'between-thresholds',
      `${shown} lies between the two thresholds: it holds, however long it is watched`,
    );
  }
  // A good stable version breaches only where the histogram cannot tell.
  const seemsBad =
    last.reasonCode === 'stable-breaches-too' && isGood(stableQuality, kind.thresholds(settings));
  if (missing.length > 0 && (seemsBad || coarse.includes(last.reasonCode))) {
    const bounds = missing.map((bound) => formatMilliseconds(bound)).join(' and at ');
    return because(
      'buckets-too-coarse',
      `the histogram is too coarse for ${shown}: add a bound at ${bounds}, or move the limit to a bound`,
    );
  }
  if (last.verdict !== 'hold' && last.verdict !== wanted && last.reasonCode !== 'undecided-pass') {
    const done = last.verdict === 'promote' ? 'promoted' : 'rolled back';
    return because(
      'other-verdict',
      onlyUnlucky
        ? `by chance alone more than 5 in 100 looks at a canary of ${shown} say ${last.verdict}; what helps: more traffic, a longer window, limits further apart`
        : `a canary of ${shown} is ${done}`,
    );
  }
  if (waiting.includes(last.reasonCode)) {
    const perMinute = traffic.requestsPerSecond * 60 * traffic.weight;
    const pass = 'worstAbove' in settings ? 'ifUndecided: pass or bounded' : 'ifUndecided: pass';
    const help = [
      'more traffic',
      ...(traffic.weight < 0.5 ? ['a larger weight'] : []),
      'limits further apart',
      ...(wanted === 'promote' && settings.ifUndecided === 'hold' ? [pass] : []),
    ];
    return because(
      'longer-than-a-week',
      `${shown} needs more than a week at ${trimNumber(perMinute)} canary requests a minute; what helps: ${help.join(', ')}`,
    );
  }
  return because('cannot-be-judged', last.reason.replace(/\.$/, ''));
}

const coarse: readonly ReasonCode[] = ['buckets-too-coarse', 'between-thresholds', 'more-evidence-needed'];
const waiting: readonly ReasonCode[] = [
  'more-evidence-needed',
  'between-thresholds',
  'undecided-pass',
  'new-stage',
  'warming-up',
  'minimum-duration',
];

function isGood(quality: number, thresholds: Thresholds): boolean {
  if ('promoteAbove' in thresholds) return quality >= thresholds.promoteAbove;
  return (thresholds.twoSided === true ? Math.abs(quality) : quality) < thresholds.promoteBelow;
}

function isBetween(quality: number, thresholds: Thresholds): boolean {
  if ('promoteAbove' in thresholds) {
    return quality < thresholds.promoteAbove && quality >= thresholds.rollbackBelow;
  }
  const size = thresholds.twoSided === true ? Math.abs(quality) : quality;
  return size >= thresholds.promoteBelow && size <= thresholds.rollbackAbove;
}
