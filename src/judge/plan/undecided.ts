import type { GuardrailSettings } from '../../domain/policy.js';
import { formatMilliseconds, trimNumber } from '../../domain/units.js';
import type { GuardrailVerdict, ReasonCode, Verdict } from '../../domain/verdict.js';
import type { Thresholds } from '../guardrail-kind.js';
import { guardrailKind } from '../guardrails/index.js';
import type { Undecided, UndecidedCode } from './plan-document.js';
import type { PlannedTraffic } from './planning.js';

/**
 * Why a canary does not get a verdict, in plain words with what would help.
 *
 * @param last what the judge says of it after a week; undefined where there are no samples
 */
export function whyUndecided(
  settings: GuardrailSettings,
  quality: number,
  wanted: Exclude<Verdict, 'hold'>,
  last: GuardrailVerdict | undefined,
  traffic: PlannedTraffic,
): Undecided {
  const kind = guardrailKind(settings.kind);
  const shown = kind.planning.formatQuality(quality, settings);
  const missing = kind.planning.thresholdsWithoutBound?.(traffic.latencyBoundsMs, settings) ?? [];
  const because = (code: UndecidedCode, text: string): Undecided => ({ code, text });
  if (last === undefined) return because('no-data', `no ${kind.sampleName} come of this traffic`);
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
  if (missing.length > 0 && coarse.includes(last.reasonCode)) {
    const bounds = missing.map((bound) => formatMilliseconds(bound)).join(' and at ');
    return because(
      'buckets-too-coarse',
      `the histogram is too coarse for ${shown}: add a bound at ${bounds}`,
    );
  }
  if (last.verdict !== 'hold' && last.verdict !== wanted && last.reasonCode !== 'undecided-pass') {
    const done = last.verdict === 'promote' ? 'promoted' : 'rolled back';
    return because('other-verdict', `a canary of ${shown} is ${done}`);
  }
  if (waiting.includes(last.reasonCode)) {
    const perMinute = traffic.requestsPerSecond * 60 * traffic.weight;
    const pass = 'worstAbove' in settings ? 'ifUndecided: pass or bounded' : 'ifUndecided: pass';
    const help = [
      'more traffic',
      'a larger weight',
      'limits further apart',
      ...(wanted === 'promote' ? [pass] : []),
    ];
    return because(
      'longer-than-a-week',
      `${shown} needs more than a week at ${trimNumber(perMinute)} canary requests a minute; what helps: ${help.join(', ')}`,
    );
  }
  return because('cannot-be-judged', last.reason);
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

function isBetween(quality: number, thresholds: Thresholds): boolean {
  if ('promoteAbove' in thresholds) {
    return quality < thresholds.promoteAbove && quality >= thresholds.rollbackBelow;
  }
  const size = thresholds.twoSided === true ? Math.abs(quality) : quality;
  return size >= thresholds.promoteBelow && size <= thresholds.rollbackAbove;
}
