/** Canaries that nobody can judge: a person is asked, and told why. */
import assert from 'node:assert/strict';
import {
  decidingFinding,
  endingOf,
  readMeasurement,
  untilPaused,
  untilPromoted,
  type Ending,
  type Scenario,
} from './scenario.js';
import { baseline, gated, routedByNginx } from './shipped-sets.js';
import { Stage, type StageOptions, type StageParts } from './stage.js';

/** Waits for so many holds instead of an hour of them. */
const holds = 12;

/** Which metric holds, what it says, and what a person does then. */
interface Hold {
  readonly metric: string;
  readonly sentence: RegExp;
  readonly decide: (stage: Stage) => Promise<void>;
}

/** Plays a canary until it is paused, and then what a person does. */
async function playUndecided(
  parts: StageParts,
  options: Omit<StageOptions, 'holds'>,
  { metric, sentence, decide }: Hold,
): Promise<Ending> {
  const stage = await Stage.open(parts, { ...options, holds });
  try {
    await stage.release();
    const { state, finding } = await untilPaused(stage, metric);
    const [, verdict, said] = readMeasurement(finding.measurement);
    assert.equal(verdict, 'hold');
    assert.match(said, sentence);
    assert.match(finding.run.message, /inconclusive \(\d+\) > inconclusiveLimit \(\d+\)/);
    const ending = await endingOf(stage, state, finding);
    await decide(stage);
    return ending;
  } finally {
    stage.close();
  }
}

/** Nobody asks the pods of the experiment: it can decide nothing, and is begun anew while it waits for a person. */
async function playHeldExperiment(parts: StageParts): Promise<Ending> {
  const options = { name: 'baseline-held', character: 'healthy', files: baseline, holds: 6 } as const;
  const stage = await Stage.open(parts, options);
  try {
    await stage.release();
    const state = await stage.waitFor('paused by its experiment', ({ pauses }) =>
      pauses.includes('InconclusiveExperiment'),
    );
    const finding = await decidingFinding(stage, { phase: 'Inconclusive', type: '' });
    const [, verdict, said] = readMeasurement(finding.measurement);
    assert.equal(verdict, 'hold');
    assert.match(said, /^unknown-version: /);
    assert.equal(state.currentShare, 0);
    const ending = await endingOf(stage, state, finding);
    await goBack(stage, parts);
    return ending;
  } finally {
    stage.close();
  }
}

export const undecidedScenarios: readonly Scenario[] = [
  {
    name: 'grey-promoted',
    title: 'an error rate between both limits pauses, and a person promotes',
    play: (parts) =>
      playUndecided(
        parts,
        { name: 'grey-promoted', character: 'grey', files: gated },
        { metric: 'ml-verdict', sentence: /^error-rate: /, decide: (stage) => goOn(stage, parts) },
      ),
  },
  {
    name: 'grey-aborted',
    title: 'an error rate between both limits pauses, and a person aborts',
    play: (parts) =>
      playUndecided(
        parts,
        { name: 'grey-aborted', character: 'grey', files: routedByNginx },
        {
          metric: 'error-rate',
          sentence: /^error-rate: errors 0\.\d+ %, between 0\.5 % and 1 %/,
          decide: (stage) => goBack(stage, parts),
        },
      ),
  },
  {
    name: 'quiet',
    title: 'too little traffic pauses, and the measurement says how much is missing',
    play: (parts) =>
      playUndecided(
        parts,
        { name: 'quiet', character: 'quiet', files: gated },
        {
          metric: 'ml-verdict',
          sentence: /evidence [\d.,]+:1 of 5:1 needed/,
          decide: (stage) => goBack(stage, parts),
        },
      ),
  },
  {
    name: 'baseline-held',
    title: 'an experiment that can decide nothing pauses before any weight, and a person aborts',
    play: playHeldExperiment,
  },
];

/** A person accepts what the first gate could not decide, and then the canary, whatever the gates that are left would say. */
async function goOn(stage: Stage, { cluster }: StageParts): Promise<void> {
  await cluster.promote(stage.namespace, stage.model);
  await stage.waitFor(
    'behind the first gate',
    ({ pauses, currentStepIndex = 0 }) => pauses.length === 0 && currentStepIndex > 1,
  );
  await cluster.promote(stage.namespace, stage.model, 'full');
  await untilPromoted(stage);
}

/** A person gives the canary up. */
async function goBack(stage: Stage, { cluster }: StageParts): Promise<void> {
  await cluster.abort(stage.namespace, stage.model);
  await stage.waitFor(
    'back at the stable version',
    ({ isAborted, phase, currentShare, stableHash }) =>
      isAborted && phase === 'Degraded' && currentShare === 0 && stableHash === stage.firstHash,
  );
}
