import type { ArmCounts } from '../domain/observations.js';
import type { GuardrailSettings } from '../domain/policy.js';
import { formatCount } from '../domain/units.js';
import type { GuardrailVerdict, ReasonCode, Verdict } from '../domain/verdict.js';
import { explainGuardrail, shortStatus } from './explain.js';
import type { Finding, GuardrailKind, HeldAtMost, JudgeContext, Samples } from './guardrail-kind.js';
import { guaranteeOfKind, type WithoutGuarantee } from './guarantee.js';
import { guardrailKind } from './guardrails/index.js';
import { silenceOf, type Silence } from './silence.js';
import type { Timeline } from './timeline.js';

/** A guardrail's verdict and what the combination needs to know of it. */
export interface JudgedGuardrail {
  readonly verdict: GuardrailVerdict;
  /** The figure against its threshold and how sure it is, for the measurement's one line. */
  readonly headline: string;
  /** Left out of the combined verdict: nothing is measured and the policy allows that. */
  readonly notMeasured: boolean;
  /** Set where the observations allow no rate of wrong verdicts. */
  readonly withoutGuarantee?: WithoutGuarantee;
}

/** Codes of an undecided guardrail that `ifUndecided: pass` covers; missing data is none of them. */
const undecidedCodes: readonly ReasonCode[] = ['between-thresholds', 'more-evidence-needed'];

/**
 * Judges one guardrail: is it measured, what does its kind find, and what do the policy's general rules make of it.
 *
 * @param timeline everything since the canary started: what tells whether something was ever measured, and how long
 * @param judged the looks that are judged: the same, but for a policy with a window
 */
export function judgeGuardrail(
  timeline: Timeline,
  judged: Timeline,
  settings: GuardrailSettings,
  context: JudgeContext,
): JudgedGuardrail {
  const kind = readingOf(timeline, settings);
  const missing = notComparable(kind, context) ?? missingData(timeline, settings, kind);
  const finding = missing ?? kind.judge(judged, settings, context);
  const evidenceMode = context.policy.mode === 'evidence';
  const warmUpLooks = evidenceMode ? timeline.looks.filter((look) => look.warmUp).length : 0;
  const inMode = context.policy.mode === 'threshold' && missing === undefined ? literally(finding) : finding;
  const silence =
    missing === undefined ? silenceOf(timeline, settings, kind, context.policy.staleAfterSeconds) : undefined;
  const heard = withSilence(inMode, silence);
  const counted = missing === undefined || missing.samples.canary + missing.samples.stable > 0;
  const held = counted ? kind.heldAtMost?.(settings, context) : undefined;
  const limited = held === undefined ? heard : heldBack(heard, held, silence);
  const ruled = withGeneralRules(atMostHeld(limited, kind, context), timeline, settings);
  const final = withUndecided(ruled, settings, context);
  const without = withoutGuarantee(kind, held);
  return {
    verdict: asVerdict(final, warmUpLooks, settings, kind, context, without),
    headline: [final.headline, shortStatus(final, context)].filter((part) => part !== '').join(', '),
    notMeasured: final.reasonCode === 'not-measured',
    ...(without === undefined ? {} : { withoutGuarantee: without }),
  };
}

/** The kind of a guardrail, in the reading that these observations allow. */
function readingOf(timeline: Timeline, settings: GuardrailSettings): GuardrailKind {
  const kind = guardrailKind(settings.kind);
  return kind.readingOf?.(timeline, settings) ?? kind;
}

/** What is found stays shown and decides nothing, whichever way it points; `ifUndecided` does not cover it. */
function heldBack(finding: Finding, held: HeldAtMost, silence: Silence | undefined): Finding {
  return {
    ...finding,
    verdict: 'hold',
    reasonCode: held.reasonCode,
    remaining: null,
    heldBy: silence === undefined ? held.told : `${silence.told} ${held.told}`,
  };
}

function withoutGuarantee(kind: GuardrailKind, held: HeldAtMost | undefined): WithoutGuarantee | undefined {
  if (held !== undefined) return { told: held.unguaranteed, decides: false };
  return kind.unguaranteed === undefined ? undefined : { told: kind.unguaranteed, decides: true };
}

/** Chosen requests (a header, internal users) are not those of the stable version: no comparison is judged. */
function notComparable(kind: GuardrailKind, context: JudgeContext): Finding | undefined {
  if (kind.basis === 'absolute' || context.routing !== 'selected') return undefined;
  return emptyFinding(
    'not-measured',
    'requests are selected, so nothing is compared',
    "Not judged: the canary's requests are selected, so they cannot be compared with those of the stable version",
    { canary: 0, stable: 0 },
  );
}

/** An arm that has fallen silent keeps every promote back, that of an undecided guardrail included. */
function withSilence(finding: Finding, silence: Silence | undefined): Finding {
  if (silence === undefined || finding.verdict === 'rollback') return finding;
  if (silence.withoutTraffic && finding.verdict === 'promote') return finding;
  return {
    ...finding,
    verdict: 'hold',
    reasonCode: silence.arm === 'canary' ? 'canary-silent' : 'no-baseline',
    remaining: null,
    heldBy: silence.told,
  };
}

/** With sticky users a comparison never rolls back: what few users are like does not average out with time. */
function atMostHeld(finding: Finding, kind: GuardrailKind, context: JudgeContext): Finding {
  if (finding.verdict !== 'rollback' || kind.basis === 'absolute' || context.routing !== 'sticky') {
    return finding;
  }
  return {
    ...finding,
    verdict: 'hold',
    reasonCode: 'on-breach-hold',
    remaining: null,
    breachHeldBy:
      'Users are sticky, so this may be what the few users of the canary are like: it holds, a person decides.',
  };
}

/** The hold for a guardrail that has nothing to judge, or undefined where it has. */
function missingData(
  timeline: Timeline,
  settings: GuardrailSettings,
  kind: GuardrailKind,
): Finding | undefined {
  let measured = timeline.before.some((look) => kind.samplesOf(look.stable, settings) !== undefined);
  let canaryTraffic = false;
  const total = { canary: 0, stable: 0 };
  const add = (arm: ArmCounts | undefined, name: 'canary' | 'stable') => {
    const samples = arm === undefined ? undefined : kind.samplesOf(arm, settings);
    if (samples === undefined) return;
    measured = true;
    total[name] += samples;
  };
  for (const look of timeline.looks) {
    add(look.canary, 'canary');
    add(look.stable, 'stable');
    canaryTraffic ||= look.canaryTraffic;
  }
  const nothing = (reasonCode: ReasonCode, headline: string, told: string) =>
    emptyFinding(reasonCode, headline, told, total);
  const words = measured ? undefined : kind.missingWords?.(timeline, settings);
  if (!measured && settings.required === 'auto') {
    return nothing(
      'not-measured',
      words?.headline ?? `no ${kind.sampleName} are recorded`,
      `Not judged: ${words?.told ?? `no ${kind.sampleName} are recorded`}`,
    );
  }
  if (words !== undefined) return nothing('no-data', words.headline, capitalised(words.told));
  if (total.canary === 0) {
    return total.stable > 0 && canaryTraffic
      ? nothing(
          'canary-silent',
          `the canary has no ${kind.sampleName}, the stable version has`,
          `The canary has traffic but no ${kind.sampleName}, while the stable version has ${formatCount(total.stable)}`,
        )
      : nothing(
          'no-data',
          `no canary ${kind.sampleName}`,
          `There are no ${kind.sampleName} of the canary yet`,
        );
  }
  if (kind.needsBaseline(settings) && total.stable === 0) {
    return nothing(
      'no-baseline',
      `no stable ${kind.sampleName} to compare with`,
      `There are no ${kind.sampleName} of the stable version to compare with`,
    );
  }
  return undefined;
}

function capitalised(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

function emptyFinding(reasonCode: ReasonCode, headline: string, measured: string, samples: Samples): Finding {
  return {
    verdict: 'hold',
    reasonCode,
    literal: { verdict: 'hold', estimate: null, samples, headline, measured },
    estimate: null,
    interval: null,
    intervalKind: null,
    rollbackEvidence: null,
    promoteEvidence: null,
    beyondRollback: false,
    samples,
    remaining: null,
    headline,
    measured,
    details: {},
  };
}

/** Threshold mode: the table to the letter on the literal figure, and nothing said about chance. */
function literally(finding: Finding): Finding {
  const { literal } = finding;
  const codes: Readonly<Record<Verdict, ReasonCode>> = {
    promote: 'promote',
    rollback: 'rollback',
    hold: literal.estimate === null ? (literal.reasonCode ?? finding.reasonCode) : 'between-thresholds',
  };
  return {
    ...finding,
    ...literal,
    reasonCode: codes[literal.verdict],
    interval: null,
    intervalKind: null,
    rollbackEvidence: null,
    promoteEvidence: null,
    remaining: null,
    promoteHeldBack: false,
    note: undefined,
  };
}

/** What holds for every kind: a minimum duration before a rollback, and `onBreach: hold`. */
function withGeneralRules(finding: Finding, timeline: Timeline, settings: GuardrailSettings): Finding {
  if (finding.verdict !== 'rollback') return finding;
  if (settings.onBreach === 'hold')
    return { ...finding, verdict: 'hold', reasonCode: 'on-breach-hold', remaining: null };
  const first = timeline.looks.find((look) => look.canaryTraffic);
  const last = timeline.looks.at(-1);
  const seconds = first === undefined || last === undefined ? 0 : (last.endMs - first.startMs) / 1000;
  if (seconds < settings.minimumDurationSeconds) {
    const missing = settings.minimumDurationSeconds - seconds;
    return {
      ...finding,
      verdict: 'hold',
      reasonCode: 'minimum-duration',
      remaining: { samples: 0, seconds: missing },
    };
  }
  return finding;
}

/**
 * `ifUndecided`: an undecided guardrail does not keep promote back, unless it already leans to rollback; `bounded` asks
 * for the evidence that something much worse is excluded.
 */
function withUndecided(finding: Finding, settings: GuardrailSettings, context: JudgeContext): Finding {
  if (settings.ifUndecided === 'hold' || !undecidedCodes.includes(finding.reasonCode)) return finding;
  if (finding.promoteHeldBack === true) return finding;
  const leans =
    context.policy.mode === 'evidence' && finding.beyondRollback && (finding.rollbackEvidence ?? 0) > 0;
  const excluded =
    settings.ifUndecided === 'pass' ||
    // What few users are like is no evidence that a loss is excluded.
    (context.routing !== 'sticky' &&
      finding.worstCase !== undefined &&
      finding.worstCase.evidence >= context.promoteNeeded);
  return leans || !excluded ? finding : { ...finding, verdict: 'promote', reasonCode: 'undecided-pass' };
}

function asVerdict(
  finding: Finding,
  warmUpLooks: number,
  settings: GuardrailSettings,
  kind: GuardrailKind,
  context: JudgeContext,
  without: WithoutGuarantee | undefined,
): GuardrailVerdict {
  const remaining = finding.remaining === 'never' ? null : finding.remaining;
  const percentile95 = remaining?.percentile95 ?? remaining;
  const remaining95 = percentile95 === 'never' ? null : percentile95;
  return {
    name: settings.name,
    kind: settings.kind,
    verdict: finding.verdict,
    literalVerdict: finding.literal.verdict,
    reasonCode: finding.reasonCode,
    reason: explainGuardrail(finding, settings, kind, context),
    estimate: finding.estimate,
    unit: kind.unit,
    interval: finding.interval,
    intervalKind: finding.intervalKind,
    ...kind.thresholds(settings),
    evidence: {
      rollback: finding.rollbackEvidence,
      rollbackNeeded: context.rollbackNeeded,
      promote: finding.promoteEvidence,
      promoteNeeded: context.promoteNeeded,
    },
    samples: finding.samples,
    moreSamplesNeeded: remaining?.samples ?? null,
    etaSeconds: remaining?.seconds ?? null,
    moreSamplesNeeded95: remaining95?.samples ?? null,
    etaSeconds95: remaining95?.seconds ?? null,
    guarantee: without === undefined ? guaranteeOfKind(kind, context.policy.mode, context.routing) : 'none',
    details: warmUpLooks === 0 ? finding.details : { ...finding.details, warmUp: { looks: warmUpLooks } },
  };
}
