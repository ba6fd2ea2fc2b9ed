import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { FileFolder } from './support/observation-files.js';
import { runCommand } from './support/run-command.js';

describe('check-config', () => {
  const folder = new FileFolder();

  after(() => {
    folder.remove();
  });

  it('says that the defaults can be used, and lists the policies', async () => {
    const { status, out, err } = await runCommand(['check-config']);
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^The config can be used\.\n/);
    assert.match(out, /^POLICY +MODE +CONFIDENCE +GUARDRAILS$/m);
    assert.match(
      out,
      /^default +evidence +0\.95 +error-rate, latency-p99, prediction-drift, business-proxy$/m,
    );
    assert.match(out, /^plain-loop +threshold /m);
  });

  it('names the file that can be used, and its policies', async () => {
    const mine = {
      confidence: '80%',
      guardrails: [{ name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 }],
    };
    const file = folder.write('config.yaml', stringify({ server: { port: 9090 }, policies: { mine } }));
    for (const [argv, env] of [
      [['check-config', file], {}],
      [['check-config'], { ML_VERDICT_CONFIG: file }],
    ] as const) {
      const { status, out } = await runCommand(argv, env);
      assert.equal(status, 0);
      assert.ok(out.startsWith(`The config ${file} can be used.\n`));
      assert.match(out, /^mine +evidence +0\.8 +drift$/m);
    }
  });

  it('prints the config in force, which gives the same config again', async () => {
    const file = folder.write(
      'given.yaml',
      stringify({
        server: { port: 9090 },
        access: { anonymous: 'allow' },
        looks: { settle: '20s' },
        models: { fraud: { policy: 'progressive' } },
      }),
    );
    const env = { ML_VERDICT_HOST: '0.0.0.0' };
    const { status, out, err } = await runCommand(['check-config', '--effective', file], env);
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^ {2}port: 9090$/m);
    assert.match(out, /^ {2}host: 0\.0\.0\.0$/m);
    assert.match(out, /^ {2}settle: 20s$/m);
    assert.match(out, /^ {2}restartGap: 10m$/m);
    const again = await runCommand(['check-config', '--effective', folder.write('effective.yaml', out)]);
    assert.deepEqual(again, { status: 0, out, err: '' });
    const checked = await runCommand(['check-config', folder.at('effective.yaml')]);
    assert.equal(checked.status, 0);
  });

  it('warns of files of tokens that cannot be used where it runs', async () => {
    const token = folder.at('no-such-token');
    const tokens = [{ name: 'argo', files: [token], scopes: ['verdict'] }];
    const file = folder.write('tokens.yaml', stringify({ access: { tokens } }));
    const { status, err } = await runCommand(['check-config', file]);
    assert.equal(status, 0);
    assert.equal(
      err,
      `ml-verdict: warning: access.tokens[0].files[0]: ${token} cannot be read: there is no such file; serve would not start with it here\n`,
    );
  });

  it('refuses a service that others reach and that asks nobody who they are', async () => {
    const { status, err } = await runCommand(['check-config'], { ML_VERDICT_HOST: '0.0.0.0' });
    assert.equal(status, 3);
    assert.match(err, /access\.tokens or access\.jwt, or let everybody in with access\.anonymous: allow\n$/);
  });

  it('names every mistake with its line, and the nearest known name', async () => {
    const file = folder.write(
      'wrong.yaml',
      [
        'server:',
        '  prot: 8080',
        '  port: 70000',
        'lokks: {}',
        'models:',
        '  fraud: { policy: defualt }',
        '',
      ].join('\n'),
    );
    const { status, out, err } = await runCommand(['check-config', file]);
    assert.deepEqual([status, out], [3, '']);
    const told = err.trimEnd().split('\n');
    assert.ok(
      told.every((line) => line.startsWith('ml-verdict: ') && line.endsWith(' of wrong.yaml)')),
      err,
    );
    assert.match(
      err,
      /^ml-verdict: server\.prot: unknown field; did you mean "port"\? \(line 2 of wrong\.yaml\)$/m,
    );
    assert.match(
      err,
      /^ml-verdict: server\.port: expected a whole number from 0 to 65535, got 70000 \(line 3 of wrong\.yaml\)$/m,
    );
    assert.match(
      err,
      /^ml-verdict: lokks: unknown field; did you mean "looks"\? \(line 4 of wrong\.yaml\)$/m,
    );
    const policy = folder.write('policy.yaml', 'models:\n  fraud: { policy: defualt }\n');
    assert.deepEqual(await runCommand(['check-config', policy]), {
      status: 3,
      out: '',
      err: 'ml-verdict: models.fraud.policy: unknown policy "defualt"; did you mean "default"? (line 2 of policy.yaml)\n',
    });
  });

  it('prints no config in force where there are mistakes', async () => {
    const file = folder.write('mistake.yaml', 'server: { port: x }\n');
    const { status, out, err } = await runCommand(['check-config', '--effective', file]);
    assert.deepEqual([status, out], [3, '']);
    assert.match(err, /^ml-verdict: server\.port: /);
  });

  it('names a file that cannot be read or is no YAML', async () => {
    const missing = folder.at('missing.yaml');
    const told = await runCommand(['check-config', missing]);
    assert.deepEqual(told, {
      status: 3,
      out: '',
      err: `ml-verdict: ${missing}: the config file cannot be read: there is no such file\n`,
    });
    const folderRun = await runCommand(['check-config', folder.path]);
    assert.match(folderRun.err, /: the config file cannot be read: it is a directory\n$/);
    const broken = await runCommand([
      'check-config',
      folder.write('broken.yaml', 'server: {port: 1\nlooks: 2\n'),
    ]);
    assert.equal(broken.status, 3);
    assert.match(broken.err, /broken\.yaml: .*\(line \d\)\n/);
  });

  it('names the variable whose value is wrong', async () => {
    const { status, err } = await runCommand(['check-config'], { ML_VERDICT_PORT: 'http' });
    assert.equal(status, 3);
    assert.match(err, /^ml-verdict: ML_VERDICT_PORT: expected /);
    const database = await runCommand(['check-config'], {
      DATABASE_URL: 'mysql://user:secret@db.example/x',
    });
    assert.equal(database.status, 3);
    assert.match(database.err, /^ml-verdict: DATABASE_URL: /);
    assert.doesNotMatch(database.err, /secret|db\.example/);
  });

  describe('warns, with status 0, where', () => {
    async function warningsOf(name: string, lines: readonly string[]): Promise<readonly string[]> {
      const { status, out, err } = await runCommand(['check-config', folder.write(name, lines.join('\n'))]);
      assert.equal(status, 0);
      assert.match(out, /can be used/);
      const told = err === '' ? [] : err.trimEnd().split('\n');
      assert.ok(
        told.every((line) => line.startsWith('ml-verdict: warning: ')),
        err,
      );
      return told.map((line) => line.slice('ml-verdict: warning: '.length));
    }

    it("a latency limit is no bound of the ledger's histogram", async () => {
      const [between, beyond, ...others] = await warningsOf('bounds.yaml', [
        'policies:',
        '  mine:',
        '    guardrails:',
        '      - { name: p99, kind: latency-quantile, promoteBelow: 210ms, rollbackAbove: 40s }',
        '      - { name: median, kind: latency-quantile, quantile: 0.5, promoteBelow: 50ms, rollbackAbove: 100ms }',
      ]);
      assert.match(
        between ?? '',
        /^policies\.mine: p99 has a limit at 210 ms, between the bounds 200 ms and 250 ms .*cross that whole bucket; choose one of its bounds \(1, 2\.5, /,
      );
      assert.match(beyond ?? '', /^policies\.mine: p99 has a limit at 40 s, beyond 30 s, the last bound/);
      assert.deepEqual(others, []);
    });

    it('the policy of a model cannot decide on the traffic that it declares', async () => {
      const told = await warningsOf('traffic.yaml', [
        'models:',
        '  enough: { traffic: { requestsPerSecond: 50, weight: 5% } }',
        '  quiet: { traffic: { requestsPerSecond: 0.5, weight: 5%, outcomeMean: 5% } }',
        '  passing: { policy: passes, traffic: { requestsPerSecond: 0.5, weight: 5%, outcomeMean: 5% } }',
        '  unmeasured: { traffic: { requestsPerSecond: 0.5, weight: 5%, outcomesPerRequest: 0 } }',
        'policies:',
        '  passes:',
        '    guardrails:',
        '      - { name: errors, kind: error-rate, promoteBelow: 0.5%, rollbackAbove: 1% }',
        '      - { name: clicks, kind: business-proxy, promoteAbove: -1%, rollbackBelow: -3%, ifUndecided: pass, onBreach: hold }',
      ]);
      assert.equal(told.length, 2, told.join('\n'));
      assert.match(
        told[0] ?? '',
        /^models\.quiet\.traffic: policy default: business-proxy never promotes: 0 % change needs more than a week at 1\.5 canary requests a minute; .*larger weight, .*ifUndecided: pass.*\(no weight up to 50 % promotes within a week\)$/,
      );
      assert.match(
        told[1] ?? '',
        /^models\.quiet\.traffic: policy default: business-proxy never rolls back: /,
      );
    });

    it('a larger weight would do, and for what the entry of all models says', async () => {
      const told = await warningsOf('everywhere.yaml', [
        'models:',
        '  "*": { traffic: { requestsPerSecond: 0.5, weight: 1% } }',
        '  shop/fraud: { denominator: predictions }',
        '  shop/churn: { policy: progressive }',
      ]);
      const of = (name: string) => told.filter((line) => line.startsWith(`models.${name}.traffic: `));
      assert.match(of('*')[0] ?? '', /business-proxy .*\(a weight of \d+ % promotes within a week\)$/);
      assert.match(of('shop/churn')[0] ?? '', /policy progressive: business-proxy never promotes/);
      assert.deepEqual(of('shop/fraud'), []);
    });
  });
});
