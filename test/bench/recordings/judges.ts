import type { Look, Observations } from '../../../src/domain/observations.js';
import type { Policy } from '../../../src/domain/policy.js';
import type { GuardrailVerdict, Verdict } from '../../../src/domain/verdict.js';
import { judge } from '../../../src/judge/index.js';
import { fiveStrikes } from '../verdicts/judges/five-strikes.js';
import { LookView } from '../verdicts/judges/look-view.js';
import { MinuteSeries } from '../verdicts/judges/minute-series.js';
import { MannWhitneyRun } from './mann-whitney.js';
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
      name: 'threshold',
      title: 'the decision table on all counts so far',
      short: 'all counts',
      begin: (canary) => asking({ ...demo(canary), mode: 'threshold' }, canary.observations),
    },
    {
      name: 'one-minute',
      title: 'the decision table on the last minute',
      short: 'last minute',
      begin: (canary) => asking(lastMinute(demo(canary)), canary.observations),
    },
    {
      name: 'five-strikes',
      title: 'the last minute, five strikes',
      short: 'five strikes',
      begin: (canary) => strikesOf(canary, demo(canary)),
    },
    {
      name: 'mann-whitney',
      title: 'Mann-Whitney on minutes, by its score',
      short: 'Mann-Whitney, score',
      begin: (canary) => mannWhitney(canary, false),
    },
    {
      name: 'mann-whitney-critical',
      title: 'Mann-Whitney on minutes, every metric critical',
      short: 'Mann-Whitney, critical',
      begin: (canary) => mannWhitney(canary, true),
    },
  ];
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

/** Asked once a minute: rolls back at the fifth failed minute in all, goes on after five others at one weight. */
function strikesOf({ minutes }: BenchCanary, policy: Policy): AskJudge {
  const ask = fiveStrikes.begin();
  let step = 0;
  return onMinutes(minutes, (looks, look) => {
    if (looks.at(-2) !== undefined && looks.at(-2)?.weight !== look.weight) step += 1;
    const verdict = ask(new LookView({ ...minutes, looks }, policy, new MinuteSeries(), step));
    return { verdict, by: [] };
  });
}

function mannWhitney({ minutes }: BenchCanary, critical: boolean): AskJudge {
  const run = new MannWhitneyRun(critical);
  return onMinutes(minutes, (_, look) => run.take(look));
}

/** Asks only where a whole minute ends, and of every one, also of those before the first step. */
function onMinutes(minutes: Observations, ask: (looks: readonly Look[], look: Look) => StepAnswer): AskJudge {
  let asked = 0;
  return ({ asOfMs }) => {
    let answer: StepAnswer = { verdict: 'hold', by: [] };
    for (let look = minutes.looks[asked]; look !== undefined && look.endMs <= asOfMs;) {
      asked += 1;
      answer = ask(minutes.looks.slice(0, asked), look);
      look = minutes.looks[asked];
    }
    return answer;
  };
}
