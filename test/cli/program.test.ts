import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { runCommand } from './support/run-command.js';

const commands = ['serve', 'judge', 'replay', 'observe', 'check-config', 'demo'];

describe('the command line', () => {
  it('tells its version', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      readonly version: string;
    };
    for (const option of ['--version', '-V']) {
      assert.deepEqual(await runCommand([option]), { status: 0, out: `${manifest.version}\n`, err: '' });
    }
  });

  it('lists its commands, and explains each of them', async () => {
    const { status, out, err } = await runCommand(['--help']);
    assert.deepEqual([status, err], [0, '']);
    for (const command of commands) {
      assert.match(out, new RegExp(`^ {2}${command} .*\\w`, 'm'));
      const help = await runCommand([command, '--help']);
      assert.deepEqual([help.status, help.err], [0, '']);
      assert.ok(help.out.startsWith(`Usage: ml-verdict ${command} `), help.out);
      assert.deepEqual(await runCommand(['help', command]), help);
    }
  });

  it('tells the exit statuses where they carry a meaning', async () => {
    for (const command of ['judge', 'replay', 'check-config']) {
      assert.match((await runCommand([command, '--help'])).out, /\nExit status: .*3/);
    }
  });

  it('shows the help on standard error, with status 3, where no command is given', async () => {
    const { status, out, err } = await runCommand([]);
    assert.deepEqual([status, out], [3, '']);
    assert.match(err, /^Usage: ml-verdict /);
  });

  it('refuses unknown commands, options, formats and arguments, and suggests what could be meant', async () => {
    for (const [argv, message] of [
      [['jugde', 'x.json'], /unknown command 'jugde'\n\(Did you mean judge\?\)/],
      [['judge', '--polcy', 'x', 'x.json'], /unknown option '--polcy'\n\(Did you mean --policy\?\)/],
      [['judge'], /missing required argument 'files'/],
      [['replay'], /missing required argument 'files'/],
      [
        ['judge', '-o', 'xml', 'x.json'],
        /argument 'xml' is invalid. expected one of table, wide, json, ndjson, yaml\./,
      ],
      [['judge', '--policy'], /option '-p, --policy <name\|file>' argument missing/],
      [['serve', 'now'], /too many arguments/],
      [['observe', '--canary', 'v2'], /required option '-m, --model <name>' not specified/],
      [['observe', '-m', 'fraud'], /required option '--canary <version>' not specified/],
      [['demo', '--pace', 'slow'], /argument 'slow' is invalid. expected a number of milliseconds/],
      [['help', 'nothing'], /Usage: ml-verdict/],
    ] as const) {
      const { status, out, err } = await runCommand(argv);
      assert.deepEqual([status, out], [3, ''], argv.join(' '));
      assert.match(err, message);
      assert.doesNotMatch(err, /\n\s+at |node:internal/);
    }
  });

  it('refuses a port that is none', async () => {
    for (const command of ['serve', 'demo']) {
      for (const port of ['http', '-1', '65536', '80.5']) {
        const { status, out, err } = await runCommand([command, `--port=${port}`]);
        assert.deepEqual([status, out], [3, '']);
        assert.match(err, /^ml-verdict: --port: expected /);
        assert.ok(err.includes(JSON.stringify(port)), err);
      }
    }
  });
});
