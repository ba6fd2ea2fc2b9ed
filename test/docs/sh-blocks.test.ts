import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.js';
import { documents } from './documents.js';
import { readShell } from './shell-commands.js';

const silent = { isTerminal: false, columns: 100, out: () => undefined, err: () => undefined };
const program = buildProgram({ console: silent, env: {}, setStatus: () => undefined });

/** Lines of `sh` blocks that call the command line, as far as they can be read without a shell. */
const calls = documents.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === 'sh')
    .flatMap((block) =>
      block.text
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .map((line) => line.replace(/\s+[|>].*$/, ''))
        .filter((line) => line.startsWith('npx ml-verdict '))
        .map((line) => ({ where: `${path}:${block.line}`, line })),
    ),
);

/** Fails like the command line would, without doing anything. */
function parse(words: readonly string[]): void {
  let command: Command = program;
  let rest = [...words];
  // `ledger export` is a command below a command.
  while (command.commands.length > 0) {
    const [name = '', ...behind] = rest;
    const named = command.commands.find((known) => known.name() === name);
    assert.ok(named, `there is no command ${name}`);
    [command, rest] = [named, behind];
  }
  const { unknown } = command.parseOptions(rest);
  assert.deepEqual(unknown, []);
}

describe('sh blocks of the documents', () => {
  for (const { where, line } of calls) {
    it(`${where} calls a command with options that it has`, () => {
      const [command] = readShell(line);
      parse(command?.words.slice(2) ?? []);
    });
  }

  it('are there', () => {
    assert.ok(calls.length >= 3, String(calls.length));
  });
});
