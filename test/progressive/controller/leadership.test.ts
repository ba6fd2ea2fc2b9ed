import assert from 'node:assert/strict';
import { ControllerRig } from './support/controller-rig.js';

describe('leading', () => {
  it('is given up where it fails, said, and tried again', async () => {
    const rig = new ControllerRig();
    let tries = 0;
    const { controller } = rig.start({
      receivers: () => {
        tries += 1;
        if (tries === 1) throw new Error('the file of a receiver is away');
        return [];
      },
    });
    rig.apply();
    await rig.untilPhase('promoted');
    assert.equal(tries, 2);
    assert.ok(controller.isLeading);
    assert.ok(rig.logged.some((text) => text.includes('leading failed') && text.includes('is away')));
    await rig.stop();
  });
});
