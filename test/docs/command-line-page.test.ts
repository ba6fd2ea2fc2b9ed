import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.js';
import { documentAt } from './documents.js';

const page = documentAt('docs/command-line.md');
const silent = { isTerminal: false, columns: 100, out: () => undefined, err: () => undefined };
const program = buildProgram({ console: silent, env: {}, setStatus: () => undefined });

/** Rows under the heading that names a command, the headings below it not included. */
function rowsOf(command: Command): readonly (readonly string[])[] {
  return page.rows
    .filter(({ heading }) => heading.includes(`\`${command.name()}\``))
    .map(({ cells }) => cells);
}

function flagsIn(cell: string): readonly string[] {
  return [...cell.matchAll(/(?<=`)--?[a-z-]+/gi)].map(([flag]) => flag);
}

describe('docs/command-line.md', () => {
  for (const command of program.commands) {
    const rows = rowsOf(command);

    it(`has a section for ${command.name()}`, () => {
      assert.ok(page.headings.some((heading) => heading.includes(`\`${command.name()}\``)));
    });

    for (const option of command.options) {
      it(`explains ${command.name()} ${option.flags} with its default`, () => {
        const row = rows.find(([first = '']) => first.includes(`\`${option.long ?? ''}`));
        assert.ok(row, 'a row');
        const [first = ''] = row;
        assert.deepEqual(
          flagsIn(first),
          [option.short, option.long].filter((flag) => flag !== undefined),
        );
        const argument = /<.*>$/.exec(option.flags)?.[0];
        assert.ok(argument === undefined || first.includes(argument), first);
        const standard = option.defaultValue as string | undefined;
        assert.ok(standard === undefined || row.includes(`\`${standard}\``), row.join(' | '));
      });
    }

    it(`explains no option that ${command.name()} does not have`, () => {
      const known = command.options.flatMap(({ short, long }) => [short, long]);
      const unknown = rows.flatMap(([first = '']) => flagsIn(first)).filter((flag) => !known.includes(flag));
      assert.deepEqual(unknown, []);
    });
  }

  it('names the options of the program itself', () => {
    for (const flag of ['-h`, `--help', '-V`, `--version'])
      assert.ok(page.text.includes(`\`${flag}\``), flag);
  });
});
