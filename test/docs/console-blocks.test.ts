import assert from 'node:assert/strict';
import { readSession } from './console-session.js';
import { documents } from './documents.js';
import { runCommand } from './run-command.js';
import { isOutput } from './sample.js';
import { splitWords } from './shell-commands.js';

describe('console blocks of the documents', () => {
  for (const { path, blocks } of documents) {
    for (const block of blocks.filter(({ language }) => language === 'console')) {
      it(`${path}:${block.line} shows what the command prints`, async () => {
        let status = 0;
        for (const { command, output } of readSession(block.text)) {
          if (command === 'echo $?') {
            assert.equal(output, `${status}\n`, 'exit status');
            continue;
          }
          const [npx, program, ...argv] = splitWords(command);
          assert.deepEqual([npx, program], ['npx', 'ml-verdict'], `${command} cannot be tried here`);
          const really = await runCommand(argv);
          status = really.status;
          // Only where they differ, so that a failure shows both.
          if (!isOutput(output, really.output)) assert.equal(really.output, output, command);
        }
      });
    }
  }

  it('are there', () => {
    const with_ = documents.filter(({ blocks }) => blocks.some(({ language }) => language === 'console'));
    assert.ok(with_.length >= 3, with_.map(({ path }) => path).join(', '));
  });
});
