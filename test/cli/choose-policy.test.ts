import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { FileFolder } from './support/observation-files.js';
import { runCommand, type FiledDocument } from './support/run-command.js';

const strict = {
  confidence: 0.9,
  guardrails: [{ name: 'errors', kind: 'error-rate', promoteBelow: '0.05%', rollbackAbove: '0.08%' }],
};

describe('the policy that judge and replay use', () => {
  const folder = new FileFolder();
  const { promote, rollback } = folder.writeCanaries();

  after(() => {
    folder.remove();
  });

  async function judged(
    options: readonly string[],
    env: Readonly<Record<string, string>> = {},
    file = promote,
  ): Promise<FiledDocument> {
    const { out, err } = await runCommand(['judge', '-o', 'json', ...options, file], env);
    assert.equal(err, '');
    return JSON.parse(out) as FiledDocument;
  }

  /** The message on options that have to be refused, without the name of the program; no file is judged. */
  async function refusal(
    options: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const run = await runCommand(['judge', ...options, promote, rollback, folder.at('missing.json')], env);
    assert.deepEqual([run.status, run.out], [3, '']);
    assert.deepEqual(await runCommand(['replay', ...options, promote], env), run);
    assert.ok(run.err.startsWith('ml-verdict: ') && run.err.endsWith('\n'), run.err);
    assert.doesNotMatch(run.err, /\n\s+at |node:internal/);
    return run.err.slice('ml-verdict: '.length, -1);
  }

  describe('by its name', () => {
    const config = folder.write('config.yaml', stringify({ policies: { strict, default: strict } }));

    it('is the default one, or a built-in one', async () => {
      assert.equal((await judged([])).policy, 'default');
      for (const name of ['default', 'progressive', 'plain-loop']) {
        assert.equal((await judged(['--policy', name])).policy, name);
      }
    });

    it('is one of the config, given by flag or environment', async () => {
      assert.equal((await judged(['-c', config, '-p', 'strict'])).verdict, 'hold');
      assert.equal((await judged(['--policy', 'strict'], { ML_VERDICT_CONFIG: config })).verdict, 'hold');
      assert.equal((await judged([], { ML_VERDICT_CONFIG: config })).verdict, 'hold');
    });

    it('needs no database', async () => {
      assert.equal((await judged([], { DATABASE_URL: 'postgres://example.invalid/x' })).policy, 'default');
    });

    it('is refused with the nearest name where it is not known, once for all files', async () => {
      assert.equal(
        await refusal(['--policy', 'defualt']),
        '--policy: there is no policy "defualt"; did you mean "default"?',
      );
      assert.equal(
        await refusal(['--policy', 'mine']),
        '--policy: there is no policy "mine"; known: "default", "progressive", "plain-loop"',
      );
      assert.match(await refusal(['-c', config, '-p', 'strikt']), /did you mean "strict"\?$/);
      assert.match(await refusal(['-p', '__proto__']), /^--policy: there is no policy "__proto__"/);
    });

    it('is refused with what is wrong with the config', async () => {
      const missing = folder.at('missing.yaml');
      for (const message of [
        await refusal(['-c', missing]),
        await refusal([], { ML_VERDICT_CONFIG: missing }),
      ]) {
        assert.equal(message, `${missing}: the config file cannot be read: there is no such file`);
      }
      const wrong = folder.write('wrong.yaml', 'polices: {}\n');
      assert.match(
        await refusal(['-c', wrong]),
        /^polices: .*did you mean "policies"\? \(line 1 of wrong\.yaml\)$/,
      );
    });
  });

  describe('from a file', () => {
    it('may be bare: then it is called as the file is', async () => {
      for (const [name, text] of [
        ['strict.yaml', stringify(strict)],
        ['strict.yml', stringify(strict)],
        ['strict.YAML', stringify(strict)],
        ['strict.json', JSON.stringify(strict, null, 2)],
        ['strict', stringify(strict)],
      ] as const) {
        const document = await judged(['--policy', folder.write(name, text)]);
        assert.deepEqual([document.policy, document.verdict], ['strict', 'hold'], name);
      }
    });

    it('is a file for its ending alone', async () => {
      assert.equal(await refusal(['--policy', 'no-such.yaml']), 'no-such.yaml: there is no such file');
      assert.equal(await refusal(['--policy', './default']), './default: there is no such file');
    });

    it('may stand under policies: the only one, or the one named default', async () => {
      const only = await judged(['-p', folder.write('only.yaml', stringify({ policies: { mine: strict } }))]);
      assert.deepEqual([only.policy, only.verdict], ['mine', 'hold']);
      const loose = { ...strict, confidence: 0.5 };
      const several = stringify({ policies: { mine: loose, default: strict }, server: { port: 1 } });
      const chosen = await judged(['-p', folder.write('several.yaml', several)]);
      assert.deepEqual([chosen.policy, chosen.verdict], ['default', 'hold']);
    });

    it('is refused where it is not clear which one is meant', async () => {
      const two = folder.write('two.yaml', stringify({ policies: { a: strict, b: strict } }));
      assert.equal(
        await refusal(['-p', two]),
        `${two}: expected one policy or one named default, got 2 (a, b); put them into a config and name one`,
      );
      for (const [text, got] of [
        ['policies:\n', 'null'],
        ['policies: {}\n', 'an object'],
        ['policies: [1]\n', 'an array'],
        ['policies: strict\n', '"strict"'],
      ] as const) {
        const file = folder.write('none.yaml', text);
        assert.equal(await refusal(['-p', file]), `${file}: policies: expected policies by name, got ${got}`);
      }
    });

    it('is refused with the path and the line of every mistake', async () => {
      const lines = [
        'confidnce: 0.9',
        'guardrails:',
        '  - name: errors',
        '    kind: error-rate',
        '    promoteBelow: "0.5"',
        '    rollbackAbove: 1%',
        '  - name: drift',
        '    kind: prediction-drft',
        '',
      ];
      const bare = folder.write('bare.yaml', lines.join('\n'));
      assert.deepEqual((await refusal(['-p', bare])).split(/\n */), [
        `${bare}: confidnce: unknown field; did you mean "confidence"? (line 1)`,
        `${bare}: guardrails[0].promoteBelow: expected a percentage: write "0.5%" for 0.5 percent or "50%" for the fraction 0.5, got "0.5" (line 5)`,
        `${bare}: guardrails[1].kind: expected a kind of guardrail, got "prediction-drft"; did you mean "prediction-drift"? (line 8)`,
      ]);
      const indented = lines.map((line) => (line === '' ? '' : `    ${line}`));
      const nested = folder.write('nested.yaml', ['policies:', '  mine:', ...indented].join('\n'));
      const told = (await refusal(['-p', nested])).split(/\n */);
      assert.equal(
        told[0],
        `${nested}: policies.mine.confidnce: unknown field; did you mean "confidence"? (line 3)`,
      );
      assert.match(told[1] ?? '', /: policies\.mine\.guardrails\[0\]\.promoteBelow: .*\(line 7\)$/);
      assert.equal(told.length, 3);
    });

    it('is refused with the line where it is no YAML', async () => {
      const file = folder.write('broken.yaml', 'guardrails:\n  - {name: a\n  - b\n');
      assert.match(await refusal(['-p', file]), /broken\.yaml: .*\(line [23]\)/);
      const json = folder.write('broken.json', '{\n  "guardrails": [\n    {]\n}\n');
      assert.match(await refusal(['-p', json]), /broken\.json: .*\(line 3\)/);
    });

    it('is refused where there is nothing in it that could be a policy', async () => {
      for (const [text, got] of [
        ['', 'null'],
        ['3', '3'],
        ['[]', 'an array'],
        ['just a text', '"just a text"'],
      ] as const) {
        const file = folder.write('nothing.yaml', text);
        assert.equal(await refusal(['-p', file]), `${file}: expected an object, got ${got}`);
      }
      const folderPath = `${folder.path}/`;
      assert.equal(await refusal(['-p', folderPath]), `${folderPath}: it is a directory, expected a file`);
    });
  });

  describe('with --guardrail', () => {
    it('is refused with the nearest name where it has no such guardrail, once for all files', async () => {
      assert.equal(
        await refusal(['-g', 'eror-rate']),
        '--guardrail: the policy "default" has no guardrail "eror-rate"; did you mean "error-rate"?',
      );
      assert.match(
        await refusal(['--policy', 'plain-loop', '--guardrail', 'prediction-drift']),
        /^--guardrail: the policy "plain-loop" has no guardrail "prediction-drift"; known: /,
      );
    });
  });

  describe('with --set', () => {
    it('has the settings of single guardrails changed', async () => {
      const document = await judged([
        '--set',
        'error-rate.promoteBelow=0.05%',
        '--set=error-rate.rollbackAbove=0.08%',
        '--set',
        'prediction-drift.onBreach=hold',
      ]);
      const [errors] = document.guardrails;
      assert.deepEqual([errors?.promoteBelow, errors?.rollbackAbove], [0.0005, 0.0008]);
      assert.equal(document.verdict, 'hold');
    });

    it('has the settings of the named guardrail changed', async () => {
      const document = await judged([
        '-g',
        'error-rate',
        '--set',
        'promoteBelow=0.05%',
        '--set',
        'rollbackAbove=0.08%',
      ]);
      assert.deepEqual(
        document.guardrails.map(({ promoteBelow, rollbackAbove }) => [promoteBelow, rollbackAbove]),
        [[0.0005, 0.0008]],
      );
      assert.equal(document.verdict, 'hold');
    });

    it('takes an empty value for none', async () => {
      const plain = await judged([]);
      assert.deepEqual(await judged(['--set', 'error-rate.promoteBelow=']), plain);
    });

    it('is refused where an assignment cannot be used', async () => {
      for (const [options, message] of [
        [['--set', 'nonsense'], '--set: expected guardrail.field=value, got "nonsense"'],
        [['--set', '=1'], '--set: expected guardrail.field=value, got "=1"'],
        [['--set', '.promoteBelow=1%'], '--set: expected guardrail.field=value, got ".promoteBelow=1%"'],
        [
          ['--set', 'promoteBelow=1%'],
          '--set: expected guardrail.field=value where no --guardrail is named, got "promoteBelow=1%"',
        ],
        [
          ['--set', '__proto__=1'],
          '--set: expected guardrail.field=value where no --guardrail is named, got "__proto__=1"',
        ],
        [
          ['--set', 'eror-rate.promoteBelow=1%'],
          'guardrails.eror-rate: the policy "default" has no such guardrail; did you mean "error-rate"?',
        ],
        [
          ['--set', 'error-rate.promoteBlow=1%'],
          'guardrails.error-rate.promoteBlow: unknown field; did you mean "promoteBelow"?',
        ],
        [
          ['--set', 'error-rate.promoteBelow=0.4'],
          'guardrails.error-rate.promoteBelow: expected a percentage: write "0.4%" for 0.4 percent or "40%" for the fraction 0.4, got "0.4"',
        ],
        [
          ['--set', 'error-rate.kind=latency-quantile'],
          'guardrails.error-rate.kind: cannot be changed by a request; change the policy instead',
        ],
        [
          ['-g', 'error-rate', '--set', 'promoteBlow=1%'],
          'promoteBlow: unknown field; did you mean "promoteBelow"?',
        ],
      ] as const) {
        assert.equal(await refusal(options), message);
      }
      for (const name of ['__proto__', 'constructor', 'toString']) {
        assert.match(
          await refusal(['--set', `${name}.promoteBelow=1%`]),
          new RegExp(
            `^guardrails\\.${name}: the policy "default" has no such guardrail; known: "error-rate"`,
          ),
        );
        assert.match(
          await refusal(['-g', 'error-rate', '--set', `${name}=1`]),
          new RegExp(`^${name}: unknown field`),
        );
      }
    });

    it('is refused where the thresholds no longer fit together', async () => {
      assert.match(
        await refusal(['--set', 'error-rate.rollbackAbove=0.1%']),
        /error-rate\.rollbackAbove: expected .*more than promoteBelow, got 0\.001/,
      );
    });

    it('tells of every assignment that cannot be used', async () => {
      assert.equal((await refusal(['--set', 'a', '--set', 'b'])).split('\n').length, 2);
    });
  });
});
