import assert from 'node:assert/strict';
import type { ClusterWatch, WatchEvent } from '../../../src/progressive/cluster/cluster-watch.js';
import { ControllerRig } from './support/controller-rig.js';

const away: WatchEvent = { kind: 'away', sinceMs: 0, reason: 'forbidden', isMissing: false };

describe('ml_verdict_controller_watching', () => {
  it('is 1 while every namespace is watched, not one of them', async () => {
    const rig = new ControllerRig();
    const tell = new Map<string | undefined, (event: WatchEvent) => void>();
    const watch: ClusterWatch = {
      follow: async ({ namespace }, onEvent, signal) => {
        tell.set(namespace, onEvent);
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
      },
    };
    const { metrics } = rig.start({ watch, namespaces: ['a', 'b', 'a'] });
    await rig.until(() => tell.size === 2);
    const watching = async (): Promise<string | undefined> =>
      /^ml_verdict_controller_watching (\d)$/m.exec(await metrics.registry.metrics())?.[1];
    const said: (string | undefined)[] = [];
    for (const [namespace, event] of [
      ['a', { kind: 'listed', objects: [] }],
      ['b', { kind: 'listed', objects: [] }],
      ['a', away],
      ['b', away],
      ['b', { kind: 'back' }],
      ['a', { kind: 'back' }],
    ] as const) {
      tell.get(namespace)?.(event);
      said.push(await watching());
    }
    assert.deepEqual(said, ['0', '1', '0', '0', '0', '1']);
    await rig.stop();
  });
});
