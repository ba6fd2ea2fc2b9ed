import assert from 'node:assert/strict';
import { LiveBlock } from '../../../src/cli/output/live-block.js';
import { RecordingConsole } from '../support/run-command.js';

describe('LiveBlock', () => {
  it('draws nothing into a pipe', () => {
    const console = new RecordingConsole();
    const block = new LiveBlock(console);
    block.draw(['a', 'b']);
    block.erase();
    assert.deepEqual(console.written, []);
  });

  it('draws over what it drew before, also where that was higher or lower', () => {
    const console = new RecordingConsole({ isTerminal: true });
    const block = new LiveBlock(console);
    block.draw(['a', 'b', 'c']);
    block.draw(['d']);
    block.draw(['e', 'f']);
    assert.equal(console.textTo('out'), 'a\nb\nc\n\u001b[3A\u001b[0Jd\n\u001b[1A\u001b[0Je\nf\n');
  });

  it('counts the rows of lines that do not fit into the width, as they are seen', () => {
    const console = new RecordingConsole({ isTerminal: true, columns: 10 });
    const block = new LiveBlock(console);
    const painted = `\u001b[31m${'x'.repeat(10)}\u001b[39m`;
    block.draw(['', painted, 'y'.repeat(11), 'z'.repeat(30)]);
    block.erase();
    assert.ok(console.textTo('out').endsWith('\u001b[7A\u001b[0J'));
  });

  it('is taken away once', () => {
    const console = new RecordingConsole({ isTerminal: true });
    const block = new LiveBlock(console);
    block.erase();
    assert.equal(console.textTo('out'), '');
    block.draw(['a', 'b']);
    block.erase();
    block.erase();
    assert.equal(console.textTo('out'), 'a\nb\n\u001b[2A\u001b[0J');
  });
});
