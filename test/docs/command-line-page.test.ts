import assert from 'node:assert/strict';
import type { Command, Option } from 'commander';
import { buildProgram } from '../../src/cli/program.js';
import { documentAt } from './documents.js';
import { readMarkdown } from './markdown.js';

const page = documentAt('docs/command-line.md');
const silent = { isTerminal: false, columns: 100, out: () => undefined, err: () => undefined };
const program = buildProgram({ console: silent, env: {}, setStatus: () => undefined });

/** A heading of the page with what stands below it, up to the next heading of its level or above. */
interface Section {
  readonly heading: string;
  /** The commands that it names. */
  readonly commands: readonly string[];
  readonly text: string;
}

/** The sections of a text whose headings have so many marks. */
function sectionsOf(text: string, level: number): readonly Section[] {
  return text
    .split(new RegExp(`^#{${level}} `, 'm'))
    .slice(1)
    .map((section) => {
      const [heading = ''] = section.split('\n', 1);
      const commands = [...heading.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      return { heading, commands, text: section.slice(heading.length) };
    });
}

/** A row of a table of options. */
interface Row {
  /** Its first cell. */
  readonly first: string;
  readonly cells: readonly string[];
  /** The one command that it is about, where the section is about several. */
  readonly only: string | undefined;
}

/** The options that a section explains itself, outside the sections in it. */
function optionRows({ text }: Section, level: number): readonly Row[] {
  const own = text.split(new RegExp(`^#{${level + 1}} `, 'm'))[0] ?? '';
  return readMarkdown(own)
    .rows.map(({ cells }) => {
      const [first = '', ...others] = cells;
      return { first, cells, only: /^`([\w-]+)` only: /.exec(others.at(-1) ?? '')?.[1] };
    })
    .filter(({ first }) => first.startsWith('`-'));
}

interface Documented {
  /** As it is typed: `rollout start`. */
  readonly name: string;
  readonly command: Command;
  readonly section: Section | undefined;
  readonly rows: readonly Row[];
}

/** A command and the commands in it, each with the rows about it: its own, and those that all of a group have. */
function documented(command: Command, within: string, level: number, group: string): readonly Documented[] {
  const own = command.name();
  const name = group === '' ? own : `${group} ${own}`;
  const section = sectionsOf(within, level).find(({ commands }) => commands.includes(own));
  const rows =
    section === undefined
      ? []
      : optionRows(section, level).filter(({ only }) => only === undefined || only === own);
  const inner = command.commands.flatMap((one) => documented(one, section?.text ?? '', level + 1, name));
  return command.commands.length === 0
    ? [{ name, command, section, rows }]
    : [
        { name, command, section, rows: [] },
        ...inner.map((one) => ({ ...one, rows: [...rows, ...one.rows] })),
      ];
}

const all = program.commands.flatMap((command) => documented(command, page.text, 2, ''));

function flagsIn(cell: string): readonly string[] {
  return [...cell.matchAll(/(?<=`)--?[a-z-]+/gi)].map(([flag]) => flag);
}

function flagsOf({ short, long }: Option): readonly string[] {
  return [short, long].filter((flag) => flag !== undefined);
}

/** What is wrong with the row of an option. */
function faults(option: Option, rows: readonly Row[]): readonly string[] {
  const found = rows.filter(({ first }) => flagsIn(first).includes(option.long ?? ''));
  const [row] = found;
  if (row === undefined || found.length > 1) return [`has ${found.length} rows`];
  const { first, cells } = row;
  const line = cells.join(' | ');
  const argument = /<.*>$/.exec(option.flags)?.[0];
  const standard = option.negate ? undefined : (option.defaultValue as string | undefined);
  const told = /\(default:? ([\w.:/]+)[;)]/.exec(option.description)?.[1];
  const variable = /\benv (\w+)/.exec(option.description)?.[1];
  return [
    ...(flagsIn(first).join() === flagsOf(option).join() ? [] : [`is written ${first}`]),
    ...(argument === undefined || first.includes(argument) ? [] : [`has no ${argument}`]),
    ...(standard === undefined || cells.includes(`\`${standard}\``) ? [] : ['has another default']),
    ...(option.mandatory === cells.includes('required') ? [] : ['is required or not']),
    ...(told === undefined || cells.includes(told) || line.includes(`\`${told}\``)
      ? []
      : [`does not say ${told}`]),
    ...(variable === undefined || line.includes(`\`${variable}\``) ? [] : [`does not say ${variable}`]),
  ];
}

describe('docs/command-line.md', () => {
  for (const { name, command, section, rows } of all) {
    it(`has a section for ${name}`, () => {
      assert.ok(section);
    });

    for (const option of command.options) {
      it(`explains ${name} ${option.flags} with its default`, () => {
        assert.deepEqual(faults(option, rows), []);
      });
    }

    it(`explains no option that ${name} does not have`, () => {
      const known = command.options.flatMap(flagsOf);
      const unknown = rows.flatMap(({ first }) => flagsIn(first)).filter((flag) => !known.includes(flag));
      assert.deepEqual(unknown, []);
    });
  }

  it('reads every command, those of commands too', () => {
    const names = all.map(({ name }) => name);
    for (const name of ['judge', 'rollout', 'rollout start', 'rollout promote', 'ledger import'])
      assert.ok(names.includes(name), name);
  });

  it('begins with a table of the commands', () => {
    const rows = page.rows.filter(({ heading }) => heading === page.headings[0]);
    const names = rows.flatMap(({ cells: [first = ''] }) => /^\[`(.+)`\]/.exec(first)?.[1] ?? []);
    assert.deepEqual(names.sort(), program.commands.map((command) => command.name()).sort());
  });

  it('has no section for a command that there is not', () => {
    const named = sectionsOf(page.text, 2).flatMap(({ commands, text }) => [
      ...commands,
      ...commands.flatMap((outer) =>
        sectionsOf(text, 3).flatMap((section) => section.commands.map((inner) => `${outer} ${inner}`)),
      ),
    ]);
    assert.deepEqual(
      named.filter((name) => !all.some((one) => one.name === name)),
      [],
    );
  });

  it('has no table of options anywhere else, and no row of a command that the section is not about', () => {
    const read = new Set(all.flatMap(({ rows }) => rows.map(({ cells }) => cells.join('|'))));
    const lost = page.rows
      .filter(({ cells: [first = ''] }) => first.startsWith('`-'))
      .filter(({ cells }) => !read.has(cells.join('|')));
    assert.deepEqual(lost, []);
  });

  it('speaks of no option that no command has', () => {
    const known = new Set([
      ...all.flatMap(({ command }) => command.options.flatMap(flagsOf)),
      ...program.options.flatMap(flagsOf),
      '--help',
      // Of kubectl.
      '--cascade',
      '--for',
    ]);
    const prose = page.text.replaceAll(/^```.*?^```$/gms, '');
    const named = [...prose.matchAll(/`[^`\n]*`/g)].flatMap(([code]) => [
      ...code.matchAll(/(?<=[` ])--[a-z][a-z-]*/g),
    ]);
    assert.ok(named.length > 100);
    assert.deepEqual(
      named.map(([flag]) => flag).filter((flag) => !known.has(flag)),
      [],
    );
  });

  it('would be caught with another default, spelling or option', () => {
    const option = all
      .find(({ name }) => name === 'rollout status')
      ?.command.options.find(({ long }) => long === '--output');
    assert.ok(option);
    const row = (first: string, standard: string): Row => ({
      first,
      cells: [first, standard, 'what it is'],
      only: undefined,
    });
    const right = '`-o`, `--output <format>`';
    assert.deepEqual(faults(option, [row(right, '`table`')]), []);
    assert.deepEqual(faults(option, [row(right, '`json`')]), ['has another default']);
    assert.deepEqual(faults(option, [row('`--output <format>`', '`table`')]), [
      'is written `--output <format>`',
    ]);
    assert.deepEqual(faults(option, [row('`-o`, `--output`', '`table`')]), ['has no <format>']);
    assert.deepEqual(faults(option, []), ['has 0 rows']);
  });

  it('names the options of the program itself', () => {
    for (const flag of ['-h`, `--help', '-V`, `--version'])
      assert.ok(page.text.includes(`\`${flag}\``), flag);
  });
});
