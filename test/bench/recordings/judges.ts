import type { Observations } from '../../../src/domain/observations.js';
import type { Policy } from '../../../src/domain/policy.js';
import type { GuardrailVerdict, Verdict } from '../../../src/domain/verdict.js';
import { judge } from '../../../src/judge/index.js';
import { fiveStrikes } from '../verdicts/judges/five-strikes.js';
import { LookView, MinuteSeries, type StreamJudge } from '../verdicts/judges/index.js';
import { meanOutcome, minuteMetrics, type MinuteMetric } from '../verdicts/judges/minute-metrics.js';
import { oneMinute } from '../verdicts/judges/one-minute.js';
import { threshold } from '../verdicts/judges/threshold.js';
import { mannWhitneyCritical, mannWhitneyScore } from '../verdicts/judges/time-series.js';
import type { BenchPolicies } from './policies.js';

/** A canary that judges are asked about. */
export interface BenchCanary {
  readonly observations: Observations;
  /** The same traffic in looks of a whole minute. */
  readonly minutes: Observations;
  /** Whether it is meant to score differently, so that its drift is on hold by policy. */
  readonly newScores: boolean;
}

/** A moment at which a judge is asked; judges are asked in the order of time. */
export interface BenchStep {
  readonly asOfMs: number;
  /** What a promote needs at the present weight: 0.8 on the way, 0.95 at the last one. */
  readonly confidence: number;
}

export interface StepAnswer {
  readonly verdict: Verdict;
  /** Which guardrails roll back. */
  readonly by: readonly string[];
  /** What each guardrail says, where the judge tells. */
  readonly guardrails?: readonly GuardrailVerdict[];
}

export type AskJudge = (step: BenchStep) => StepAnswer;

/** A judge of the bench. */
export interface BenchJudge {
  readonly name: string;
  readonly title: string;
  /** The head of a table's column. */
  readonly short: string;
  /** A fresh one for one canary. */
  begin(canary: BenchCanary): AskJudge;
}

/** Ours, as it ships and with parts of it taken away; and what others do, on the same counts. */
export function benchJudges(policies: BenchPolicies): readonly BenchJudge[] {
  const demo = ({ newScores }: BenchCanary) => (newScores ? policies.newScores : policies.flights);
  return [
    {
      name: 'evidence',
      title: "ml-verdict, the demo's policy",
      short: 'ml-verdict',
      begin: (canary) => asking(demo(canary), canary.observations),
    },
    {
      name: 'evidence-default',
      title: 'ml-verdict, the default four',
      short: 'default four',
      begin: (canary) => asking(policies.defaultFour, canary.observations),
    },
    {
      name: 'evidence-alone',
      title: 'ml-verdict without warm-up and without looks before',
      short: 'no warm-up',
      begin: (canary) =>
        asking(
          { ...demo(canary), warmUpSeconds: 0, warmUpAfterWeightSeconds: 0 },
          { ...canary.observations, before: [] },
        ),
    },
    {
      ...called(threshold),
      begin: (canary) => asking({ ...demo(canary), mode: 'threshold' }, canary.observations),
    },
    {
      ...called(oneMinute),
      begin: (canary) => asking(lastMinute(demo(canary)), canary.observations),
    },
    ...[fiveStrikes, mannWhitneyScore, mannWhitneyCritical].map((other) => ({
      ...called(other),
      begin: (canary: BenchCanary) => onMinutes(other, canary, demo(canary)),
    })),
  ];
}

/** The same name as in the simulations. */
function called({ name, title }: StreamJudge): Pick<BenchJudge, 'name' | 'title' | 'short'> {
  return { name, title, short: title };
}

function lastMinute(policy: Policy): Policy {
  return { ...policy, mode: 'threshold', windowSeconds: 60 };
}

function asking(policy: Policy, observations: Observations): AskJudge {
  return ({ asOfMs, confidence }) => {
    const { verdict, guardrails } = judge({ ...policy, confidence }, { ...observations, asOfMs });
    const by = guardrails.filter((one) => one.verdict === 'rollback').map((one) => one.name);
    return { verdict, by, guardrails };
  };
}

/** The default policy's metrics but its outcome, and the recording's two outcomes. */
const recordedMetrics: readonly MinuteMetric[] = [
  ...minuteMetrics.filter(({ name }) => name !== 'mean outcome'),
  ...['hit-rate', 'caught'].map((name): MinuteMetric => ({
    name,
    direction: 'decrease',
    read: meanOutcome(name),
  })),
];

/** A judge of the simulations: asked where a whole minute ends, of every one, also of those before the first step. */
function onMinutes(judge: StreamJudge, { minutes }: BenchCanary, policy: Policy): AskJudge {
  const ask = judge.begin();
  const series = new MinuteSeries(recordedMetrics);
  let asked = 0;
  let step = 0;
  return ({ asOfMs }) => {
    let verdict: Verdict = 'hold';
    let look = minutes.looks[asked];
    while (look !== undefined && look.endMs <= asOfMs) {
      if (asked > 0 && look.weight !== minutes.looks[asked - 1]?.weight) step += 1;
      asked += 1;
      verdict = ask(new LookView({ ...minutes, looks: minutes.looks.slice(0, asked) }, policy, series, step));
      look = minutes.looks[asked];
    }
    return { verdict, by: verdict === 'rollback' ? series.failed : [] };
  };
}
