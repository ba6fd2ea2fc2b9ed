import { revision, kservePlatform, modelUri, loadSeconds } from './kserve-platform.js';
import type { PlayParts } from './play-parts.js';
import type { Ending, Scenario } from './scenario.js';
import { Stage, modelName } from './stage.js';

/** What a person does who has nothing that drives: puts the old model back in the place of the bad one. */
async function play({ cluster, clock, ...parts }: PlayParts): Promise<Ending> {
  const { services } = cluster;
  const stage = await Stage.open(
    { cluster, clock, ...parts },
    { name: 'redeployed', character: 'errors' },
    kservePlatform,
  );
  const { namespace } = stage;
  const waitFor = (what: string, bad: number) =>
    services.waitFor(namespace, modelName, ({ percents }) => (percents.get(revision(2)) ?? 0) === bad, {
      withinMs: 120_000,
      what,
    });
  try {
    await services.newModel(namespace, modelName, modelUri(2), 10);
    await waitFor('at 10 %', 10);
    const decidedAtMs = clock.nowMs();
    await services.patch(namespace, modelName, [
      { op: 'replace', path: '/spec/predictor/model/storageUri', value: modelUri(1) },
      { op: 'remove', path: '/spec/predictor/canaryTrafficPercent' },
    ]);
    await waitFor('alone, while the old one loads', 100);
    await waitFor('gone', 0);
    return {
      end: 'redeployed',
      message: `all requests went to the bad model until the old one had loaded (${loadSeconds} s)`,
      percents: [10, 100, 0],
      patches: [],
      alerts: [],
      firing: [],
      recovery: { decidedSeconds: 0, zeroSeconds: (clock.nowMs() - decidedAtMs) / 1000 },
    };
  } finally {
    stage.close();
  }
}

export const redeployedScenario: Scenario = {
  name: 'redeployed',
  title: 'for comparison, by hand: the old model is put in the place of the bad one',
  play,
  hasOwnControllers: true,
};
