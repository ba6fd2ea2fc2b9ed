import type {
  GuardrailVerdict,
  Measurement,
  Reason,
  ReasonCode,
  SampleRatio,
  Verdict,
} from '../domain/verdict.js';
import { formatPercent } from '../domain/units.js';
import { pointsTo } from './explain.js';
import type { JudgedGuardrail } from './judge-guardrail.js';
import { measurementSentence } from './measurement.js';

/** What concerns all guardrails at once and may keep a promote back. */
export interface Surroundings {
  readonly sampleRatio: SampleRatio | null;
  readonly stale: boolean;
  /** Whether a stable version is named and has traffic. */
  readonly hasStableVersion: boolean;
  /** Its name, where one is given. */
  readonly stableVersion: string | undefined;
}

/** The part of the document that one or several guardrails make together. */
export interface Combination {
  readonly verdict: Verdict;
  readonly literalVerdict: Verdict;
  readonly measurement: Measurement;
  readonly reasons: readonly Reason[];
  readonly guardrails: readonly GuardrailVerdict[];
  readonly decidedWithout: readonly string[];
}

/** What keeps every promote back, whatever the guardrails say: the strongest first, or undefined. */
export function promoteBlocker(surroundings: Surroundings): Reason | undefined {
  const blocker = (code: ReasonCode, text: string): Reason => ({ code, guardrail: null, text });
  if (!surroundings.hasStableVersion) {
    const missing =
      surroundings.stableVersion === undefined
        ? 'There is no stable version to compare with'
        : `The stable version ${surroundings.stableVersion} has no traffic in these looks`;
    return blocker(
      'no-baseline',
      `${missing}: absolute limits are judged and may roll back, nothing is promoted.`,
    );
  }
  if (surroundings.stale) {
    return blocker(
      'stale-data',
      'The canary has had no traffic for a while: what it did before says nothing of now.',
    );
  }
  const ratio = surroundings.sampleRatio;
  if (ratio?.alarm === true) {
    return blocker(
      'sample-ratio',
      `The canary gets ${formatPercent(ratio.observed)} of the requests instead of ${formatPercent(ratio.configured)}: check for crashing pods, retries and routing before trusting any comparison.`,
    );
  }
  return undefined;
}

/** Any rollback rolls back; all that count at promote promote; anything else holds. */
export function combine(judged: readonly JudgedGuardrail[], surroundings: Surroundings): Combination {
  const counted = judged.filter((one) => !one.notMeasured);
  const blocker = promoteBlocker(surroundings);
  const verdicts = counted.map((one) => one.verdict);
  const verdict = combinedVerdict(verdicts.map((one) => one.verdict));
  const final: Verdict = verdict === 'promote' && blocker !== undefined ? 'hold' : verdict;
  const deciding = decidingGuardrail(counted, verdict);
  const notMeasured = judged.filter((one) => one.notMeasured).map((one) => one.verdict);
  const blocked = final !== verdict;
  const speaking = verdicts.filter((one) => one.verdict === verdict || one.reasonCode === 'undecided-pass');
  return {
    verdict: final,
    literalVerdict: combinedVerdict(verdicts.map((one) => one.literalVerdict)),
    measurement:
      blocked && blocker !== undefined
        ? [null, final, measurementSentence(blocker.text)]
        : measurementOf(deciding, final, notMeasured, final === 'hold' && blocker?.code === 'sample-ratio'),
    reasons: [
      ...(blocked && blocker !== undefined ? [blocker] : []),
      ...[...speaking]
        .sort((a, b) => Number(b === deciding?.verdict) - Number(a === deciding?.verdict))
        .map(reasonOf),
      ...notMeasured.map(reasonOf),
      ...(!blocked && blocker !== undefined ? [blocker] : []),
    ],
    guardrails: judged.map((one) => one.verdict),
    decidedWithout: judged
      .filter((one) => one.notMeasured || one.verdict.reasonCode === 'undecided-pass')
      .map((one) => one.verdict.name),
  };
}

export function reasonOf(verdict: GuardrailVerdict): Reason {
  return { code: verdict.reasonCode, guardrail: verdict.name, text: verdict.reason };
}

function combinedVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('rollback')) return 'rollback';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'promote') ? 'promote' : 'hold';
}

/**
 * The guardrail that the combined verdict hangs on: the rollback with the most surplus evidence, else the hold that
 * needs longest to stop blocking, else the promote with the least surplus.
 */
function decidingGuardrail(
  judged: readonly JudgedGuardrail[],
  verdict: Verdict,
): JudgedGuardrail | undefined {
  const rank = (one: JudgedGuardrail): number => {
    const { evidence, etaSeconds, reasonCode } = one.verdict;
    // One that weighs no evidence is told after those that do.
    if (verdict === 'rollback') return (evidence.rollback ?? -Infinity) - evidence.rollbackNeeded;
    if (verdict === 'hold')
      return reasonCode === 'on-breach-hold' ? Infinity : (etaSeconds ?? Number.MAX_VALUE);
    return -((evidence.promote ?? Infinity) - evidence.promoteNeeded);
  };
  let best: JudgedGuardrail | undefined;
  for (const one of judged) {
    if (one.verdict.verdict !== verdict) continue;
    // A guardrail that passes undecided is not what a promote hangs on.
    if (verdict === 'promote' && one.verdict.reasonCode === 'undecided-pass') continue;
    if (best === undefined || rank(one) > rank(best)) best = one;
  }
  return best ?? judged.find((one) => one.verdict.verdict === verdict);
}

function measurementOf(
  deciding: JudgedGuardrail | undefined,
  verdict: Verdict,
  notMeasured: readonly GuardrailVerdict[],
  splitIsOff: boolean,
): Measurement {
  const alsoSplit = splitIsOff ? '; the traffic is not split as configured either' : '';
  if (deciding === undefined) {
    const names = notMeasured.map((one) => one.name).join(', ');
    return [null, verdict, measurementSentence(`nothing is measured${names === '' ? '' : ` (${names})`}`)];
  }
  return [
    evidenceShare(deciding.verdict),
    verdict,
    measurementSentence(`${deciding.verdict.name}: ${deciding.headline}${alsoSplit}`),
  ];
}

/** The share, 0 to 1, of the needed evidence that a guardrail has for the verdict it gives or points to. */
function evidenceShare(verdict: GuardrailVerdict): number | null {
  const direction = verdict.verdict === 'hold' ? pointsTo(verdict) : verdict.verdict;
  const evidence = verdict.evidence[direction];
  if (evidence === null) return null;
  const share = Math.min(1, Math.max(0, evidence / verdict.evidence[`${direction}Needed`]));
  return Number(share.toFixed(4));
}
