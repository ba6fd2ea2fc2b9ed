/** Canaries of Seldon Core, 90 to 10 at the start. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { CharacterName } from '../../argo/traffic/characters.js';
import type { PlayParts } from './play-parts.js';
import { assertRolledBack, endingOf, recoveryOf, type Ending, type Scenario } from './scenario.js';
import { seldonDeploymentPlatform, seldonExperimentPlatform } from './seldon-platforms.js';
import { Stage } from './stage.js';
import { stages } from './stages.js';

const operations = z.array(z.object({ op: z.string(), path: z.string(), value: z.unknown().optional() }));
const spec = { stages: stages(10, 50, 100), stabilisation: '1m', minimumAnalysis: '2m' };

interface Journey {
  readonly name: string;
  readonly title: string;
  readonly character: CharacterName;
  readonly platform: typeof seldonDeploymentPlatform;
  readonly phase: 'promoted' | 'rolled-back';
  readonly percents: readonly number[];
}

const journeys: readonly Journey[] = [
  {
    name: 'seldon-healthy',
    title: 'a healthy canary of a SeldonDeployment goes 90:10, 50:50, 0:100',
    character: 'healthy',
    platform: seldonDeploymentPlatform,
    phase: 'promoted',
    percents: [10, 50, 100],
  },
  {
    name: 'seldon-errors',
    title: 'a failing canary of a SeldonDeployment goes back to 100:0',
    character: 'errors',
    platform: seldonDeploymentPlatform,
    phase: 'rolled-back',
    percents: [10, 0],
  },
  {
    name: 'experiment-healthy',
    title: 'a healthy candidate of an Experiment goes 90:10, 50:50, 0:100',
    character: 'healthy',
    platform: seldonExperimentPlatform,
    phase: 'promoted',
    percents: [10, 50, 100],
  },
  {
    name: 'experiment-errors',
    title: 'a failing candidate of an Experiment goes back to 100:0',
    character: 'errors',
    platform: seldonExperimentPlatform,
    phase: 'rolled-back',
    percents: [10, 0],
  },
];

async function play(journey: Journey, parts: PlayParts): Promise<Ending> {
  const { name, character, platform, phase, percents } = journey;
  const stage = await Stage.open(parts, { name, character }, platform);
  try {
    await stage.begin(spec);
    const state = await stage.waitForPhase(phase);
    const isBack = phase === 'rolled-back';
    const recovery = isBack ? await recoveryOf(stage, state) : undefined;
    const ending = await endingOf(parts, stage, state, recovery);
    assert.deepEqual(ending.percents, percents);
    assert.deepEqual(
      ending.patches.map(sharesOf),
      percents.map((percent) => [100 - percent, percent]),
    );
    if (isBack) assertRolledBack(ending, (patch) => sharesOf(patch).at(-1) === 0);
    return ending;
  } finally {
    stage.close();
  }
}

/** What a patch makes of the shares, in the order of the two versions. */
function sharesOf(patch: string): readonly number[] {
  return operations
    .parse(JSON.parse(patch))
    .filter(({ op }) => op !== 'test')
    .map(({ value }) =>
      typeof value === 'object' && value !== null && 'traffic' in value ? value.traffic : value,
    )
    .filter((value) => typeof value === 'number');
}

export const seldonScenarios: readonly Scenario[] = journeys.map((journey) => ({
  name: journey.name,
  title: journey.title,
  play: (parts) => play(journey, parts),
}));
