import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { rules } from '../../src/cli/lint/rules/index.js';
import { documentAt } from '../docs/documents.js';
import { withEdits } from './lint/support/broken.js';
import { Child } from './support/child.js';
import { FileFolder } from './support/observation-files.js';
import { RecordingConsole, runCommand } from './support/run-command.js';

interface Report {
  readonly findings: readonly { readonly rule: string; readonly file: string; readonly line: number }[];
  readonly refused: readonly { readonly file: string; readonly message: string }[];
  readonly checked: number;
  readonly skipped: number;
}

const sound = withEdits('gate', []).join('---\n');
const risky = withEdits('rollout', [['spec.replicas', 4]]).join('---\n');
const wrong = withEdits('gate', [['spec.metrics[0].failureCondition', undefined]]).join('---\n');

describe('lint', () => {
  const folder = new FileFolder();

  after(() => {
    folder.remove();
  });

  it('prints a line that editors can follow, with the fix below', async () => {
    const file = folder.write('wrong.yaml', wrong);
    const { status, out, err } = await runCommand(['lint', file]);
    assert.deepEqual([status, err], [1, '']);
    assert.match(
      out,
      new RegExp(
        `^${file}:\\d+: error: AnalysisTemplate/gate spec\\.metrics\\[0\\]\\.failureCondition: .*\\[failure-condition\\]\\n    fix: add failureCondition: `,
        'm',
      ),
    );
    assert.match(
      out,
      /^1 error, 0 warnings, 1 note: 5 objects checked in 1 file, 5 metrics of ml-verdict in them\.\n$/m,
    );
  });

  it('exits with 0 for warnings, with --strict with 1, and with 3 where a file is refused', async () => {
    const warned = folder.write('risky.yaml', risky);
    const status = async (...argv: readonly string[]) => (await runCommand(['lint', ...argv])).status;
    assert.deepEqual(
      [await status(warned), await status('--strict', warned), await status(warned, folder.at('none.yaml'))],
      [0, 1, 3],
    );
    assert.equal(await status('--strict', folder.write('sound.yaml', sound)), 0);
  });

  it('prints one report for programs', async () => {
    const file = folder.write('wrong.yaml', `${wrong}---\napiVersion: v1\nkind: Service\n`);
    const { out } = await runCommand(['lint', '-o', 'json', file]);
    const report = JSON.parse(out) as Report;
    assert.deepEqual([report.checked, report.skipped, report.refused], [5, 1, []]);
    assert.deepEqual(report.findings.map((finding) => [finding.rule, finding.file]).sort(), [
      ['failure-condition', file],
      ['secret-reminder', file],
    ]);
    const { out: lines } = await runCommand(['lint', '-o', 'ndjson', file]);
    assert.equal(lines.split('\n').length, 3);
  });

  it('reads folders, and what they hold of other YAML', async () => {
    const many = new FileFolder();
    mkdirSync(many.at('deep'));
    mkdirSync(many.at('.hidden'));
    many.write('deep/a.yml', wrong);
    many.write('.hidden/broken.yaml', 'a: [');
    many.write('values.yaml', 'replicas: 3\n');
    many.write('notes.txt', 'a: [');
    symlinkSync(many.path, many.at('deep/loop'));
    const { status, out, err } = await runCommand(['lint', many.path, many.at('deep/a.yml')]);
    assert.deepEqual([status, err], [1, '']);
    assert.match(out, /5 objects checked in 2 files, 5 metrics of ml-verdict in them\.\n$/);
    mkdirSync(many.at('empty'));
    const nothing = await runCommand(['lint', many.at('empty')]);
    assert.equal(nothing.status, 3);
    assert.match(nothing.err, /empty: there is no \.yaml, \.yml or \.json file in it\n$/);
    many.remove();
  });

  it('refuses what is no manifest with a message each, and goes on', async () => {
    const files = [
      folder.at('none.yaml'),
      folder.write('list.yaml', '- a\n'),
      folder.write('chart.yaml', 'kind: {{ .Values.kind }}\n'),
      folder.write('bytes.yaml', new Uint8Array([0xff, 0xfe, 0x00])),
      folder.write('huge.yaml', new Uint8Array(16 * 1024 * 1024 + 1)),
    ];
    const { status, out, err } = await runCommand(['lint', ...files, folder.write('wrong.yaml', wrong)]);
    assert.equal(status, 3);
    assert.deepEqual(
      err.split('\n').map((line) => line.replace(/^.*\/([a-z]+\.yaml)/, '$1').slice(0, 60)),
      [
        'none.yaml: there is no such file',
        'bytes.yaml: not YAML: it is no UTF-8 text',
        'huge.yaml: it is larger than 16 MiB; split it',
        'list.yaml:1: expected Kubernetes objects with apiVersion and kind, got an array'.slice(0, 60),
        'chart.yaml:1: a Helm template, not YAML yet: render it first, helm template'.slice(0, 60),
        '',
      ],
    );
    assert.match(out, /failure-condition/);
  });

  it('reads standard input', async () => {
    const child = new Child(['lint', '-', '-o', 'json']);
    child.give(wrong);
    const { status, out } = await child.end();
    assert.equal(status, 1);
    assert.equal((JSON.parse(out) as Report).findings[0]?.file, '-');
  });

  it('knows the policies of a config, and the deadline of the service', async () => {
    const config = folder.write(
      'config.yaml',
      'server: { verdictDeadline: 14s }\npolicies:\n  own: { guardrails: [{ name: errors, kind: error-rate, promoteBelow: 1%, rollbackAbove: 2% }] }\n',
    );
    const manifest = withEdits('gate', [
      ['spec.args[7].value', 'own'],
      ['spec.metrics[0].provider.web.timeoutSeconds', 13],
    ]).join('---\n');
    const { status, out } = await runCommand(['lint', '-c', config, folder.write('own.yaml', manifest)]);
    assert.equal(status, 1);
    assert.match(out, /error: .*guardrails\.error-rate: the policy "own" has no guardrail "error-rate"/);
    assert.match(out, /Argo gives up after 13 s, the service only after 14 s/);
    const refused = await runCommand(['lint', '-c', folder.at('none'), config]);
    assert.equal(refused.status, 3);
  });

  it('tells how long the steps would have to be', async () => {
    const file = folder.write('sound.yaml', sound);
    const { status, out } = await runCommand(['lint', '--requests-per-minute', '60', file]);
    assert.equal(status, 1);
    assert.match(out, /at 5 % of 60 requests a minute a healthy canary needs .* the step has 58 min/);
  });

  it('refuses options that it cannot read', async () => {
    for (const argv of [
      ['--requests-per-minute', '0'],
      ['--outcomes-per-request', '-1'],
      ['--argo-version', 'new'],
      ['-o', 'xml'],
    ]) {
      const { status, err } = await runCommand(['lint', ...argv, 'x.yaml']);
      assert.equal(status, 3, argv.join(' '));
      assert.match(err, /expected/);
    }
  });

  it('shows names that would steer a terminal as they are written', async () => {
    const manifest = withEdits('gate', [
      ['metadata.name', 'a\u001b[2J\nb'],
      ['spec.metrics[0].failureCondition', undefined],
    ]).join('---\n');
    const console = new RecordingConsole({ isTerminal: true });
    const { out } = await runCommand(['lint', folder.write('name.yaml', manifest)], {}, console);
    assert.ok(out.includes('AnalysisTemplate/a\\u001b[2J\\nb'), out);
  });

  it('finds nothing to mend in what is shipped', async () => {
    const { status, out, err } = await runCommand([
      'lint',
      '--strict',
      '-o',
      'json',
      'analysis-templates',
      'rollouts',
    ]);
    const { findings, checked } = JSON.parse(out) as { findings: { severity: string }[]; checked: number };
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'note'),
      [],
    );
    assert.deepEqual([status, err], [0, '']);
    assert.ok(checked >= 6);
  });

  it('is explained rule by rule', () => {
    const rows = documentAt('docs/command-line.md')
      .rows.filter(({ heading }) => heading === 'What it finds')
      .slice(1)
      .map(({ cells }) => cells);
    assert.deepEqual(
      rows,
      rules.map(({ name, severity, what }) => [`\`${name}\``, severity, what]),
    );
  });
});
