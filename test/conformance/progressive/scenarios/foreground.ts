/** The whole loop in one process, without a controller: its exit status tells the end. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { CharacterName } from '../../argo/traffic/characters.js';
import { rolloutCommand } from '../driving/rollout-command.js';
import { shareOf } from './kserve-patches.js';
import { kservePlatform } from './kserve-platform.js';
import type { PlayParts } from './play-parts.js';
import { alertsWith, type Ending, type Scenario } from './scenario.js';
import { Stage, modelName } from './stage.js';
import { stages } from './stages.js';

interface Play {
  readonly name: string;
  readonly title: string;
  readonly character: CharacterName;
  readonly status: 0 | 1;
  /** What was sent, in its order. */
  readonly shares: readonly (number | 'removed')[];
}

const plays: readonly Play[] = [
  {
    name: 'foreground-healthy',
    title: 'in the foreground a healthy canary is promoted, and the command ends with 0',
    character: 'healthy',
    status: 0,
    shares: [10, 50, 'removed'],
  },
  {
    name: 'foreground-errors',
    title: 'in the foreground a failing canary goes back, and the command ends with 1',
    character: 'errors',
    status: 1,
    shares: [10, 0],
  },
];

async function play({ name, character, status, shares }: Play, parts: PlayParts): Promise<Ending> {
  const { cluster, clock, service, folder, config } = parts;
  const stage = await Stage.open(parts, { name, character }, kservePlatform);
  try {
    const configFile = join(folder, `${name}.yaml`);
    writeFileSync(configFile, stringify(config));
    const rollout = {
      apiVersion: 'ml-verdict.io/v1alpha1',
      kind: 'ModelRollout',
      metadata: { name: modelName, namespace: name },
      spec: {
        ...stage.platform.rolloutSpec,
        stages: stages(10, 50, 100),
        stabilisation: '1m',
        minimumAnalysis: '2m',
      },
    };
    const end = await rolloutCommand(
      clock,
      [
        ...['start', '--foreground', '-f', '-', '-n', name, '--config', configFile],
        ...['--service', service.url, '--service-token-file', join(folder, 'tokens', 'verdict')],
      ],
      { kubeconfig: cluster.kubeconfig, input: stringify(rollout), isDriving: true },
    );
    assert.equal(end.status, status, `${end.stdout}\n${end.stderr}`);
    const patches = stage.patches();
    assert.deepEqual(patches.map(shareOf), shares);
    return {
      ...(await alertsWith(parts, stage, status === 0 ? 'promoted' : 'rolled-back')),
      end: `exit status ${status}`,
      message: (end.stdout.trim().split('\n').at(-1) ?? '').replace(/^\S+Z\s+/, ''),
      percents: stage.shares.percents,
      patches,
    };
  } finally {
    stage.close();
  }
}

export const foregroundScenarios: readonly Scenario[] = plays.map((one) => ({
  name: one.name,
  title: one.title,
  play: (parts) => play(one, parts),
  hasOwnControllers: true,
}));
