import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { listenToKeys, type KeySource } from '../../../src/cli/rollout/key-commands.js';

/** A terminal that a test types on. */
class Keyboard extends EventEmitter implements KeySource {
  readonly isTTY: boolean;
  isRaw = false;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(mode: boolean): void {
    this.isRaw = mode;
  }

  resume(): void {
    return undefined;
  }

  pause(): void {
    return undefined;
  }

  type(text: string): void {
    this.emit('data', Buffer.from(text));
  }
}

describe('listenToKeys', () => {
  it('turns keys into commands, and gives the terminal back', () => {
    const keyboard = new Keyboard(true);
    const requests: string[] = [];
    let interrupts = 0;
    const stop = listenToKeys(
      keyboard,
      ({ kind }) => requests.push(kind),
      () => interrupts++,
      () => (interrupts += 10),
    );
    assert.equal(keyboard.isRaw, true);
    keyboard.type('px');
    keyboard.type('rna\u0003');
    assert.deepEqual(requests, ['pause', 'resume', 'promote', 'abort']);
    assert.equal(interrupts, 1);
    keyboard.type('\u0003');
    assert.equal(interrupts, 11);
    stop();
    keyboard.type('a');
    assert.equal(requests.length, 4);
    assert.equal(keyboard.isRaw, false);
  });

  it('leaves a pipe alone', () => {
    const pipe = new Keyboard(false);
    let heard = 0;
    const hear = () => heard++;
    const stop = listenToKeys(pipe, hear, hear, hear);
    pipe.type('a\u0003');
    assert.equal(heard, 0);
    assert.equal(pipe.isRaw, false);
    stop();
  });
});
