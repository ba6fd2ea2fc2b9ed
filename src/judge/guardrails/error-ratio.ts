import { z } from 'zod';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import type { ArmCounts } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { trimNumber } from '../../domain/units.js';
import type { Finding, GuardrailKind, JudgeContext } from '../guardrail-kind.js';
import { errorRatioPlanning } from '../plan/kinds/error-ratio.js';
import type { Timeline } from '../timeline.js';
import { unmeasuredErrors } from './unmeasured-errors.js';
import { judgeRatio, type RatioWords } from './ratio-finding.js';
import { ratioSeries } from './ratio-series.js';
import { bothShares, ratioHeadline, ratioLimitFields, timesAs } from './ratio-words.js';

/** How many times as often as the stable version's the canary's requests fail. */
export interface ErrorRatioSettings extends GuardrailSettings {
  readonly kind: 'error-ratio';
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
}

const schema = z
  .strictObject({ ...commonGuardrailFields, kind: z.literal('error-ratio'), ...ratioLimitFields })
  .transform((fields): ErrorRatioSettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    promoteBelow: fields.promoteBelow,
    rollbackAbove: fields.rollbackAbove,
  }));

export const errorRatio: GuardrailKind<ErrorRatioSettings> = {
  kind: 'error-ratio',
  summary: "how many times as often as the stable version's the canary's requests fail",
  unit: 'ratio',
  sampleName: 'requests',
  guarantee: 'asymptotic',
  basis: 'comparison',
  needsBaseline: () => true,
  schema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `at most ${trimNumber(settings.promoteBelow)} times stable's errors`
      : `at least ${trimNumber(settings.rollbackAbove)} times stable's errors`,
  thresholds: ({ promoteBelow, rollbackAbove }) => ({ promoteBelow, rollbackAbove }),
  missingWords: unmeasuredErrors,
  samplesOf: (arm) => (arm.errorsUnmeasured === true ? undefined : arm.requests),
  judge: judgeErrorRatio,
  planning: errorRatioPlanning,
};

function judgeErrorRatio(timeline: Timeline, settings: ErrorRatioSettings, context: JudgeContext): Finding {
  const events = (arm: ArmCounts | undefined) => ({ trials: arm?.requests ?? 0, events: arm?.errors ?? 0 });
  const series = ratioSeries(timeline, events, {
    limits: { ...settings, twoSided: false },
    promoteOnStage: true,
    leaveIncidentsOut: true,
  });
  return judgeRatio(timeline, series, wordsOf(settings), settings, context);
}

function wordsOf(settings: ErrorRatioSettings): RatioWords {
  return {
    asEstimate: (ratio) => ratio,
    headline: (ratio, atLeast) => ratioHeadline('errors', ratio, atLeast, settings),
    measured: (ratio, atLeast, total) =>
      `The canary's requests fail ${timesAs(ratio, atLeast)} often as the stable version's of the same looks (${bothShares(total)} requests)`,
    noEvents: {
      headline: 'no errors in either version',
      measured: 'Neither version has had an error in the judged looks',
    },
    samples: 'requests',
    details: {},
  };
}
