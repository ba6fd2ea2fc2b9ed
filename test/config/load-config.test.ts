import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { effectiveConfig, ledgerPlace } from '../../src/config/index.js';
import { loadConfig, type ConfigOrigins } from '../../src/config/load-config.js';
import { describeFieldError } from '../../src/domain/errors.js';

describe('loadConfig', () => {
  let folder: string;
  let file: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-config-'));
    file = join(folder, 'ml-verdict.yaml');
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function load(text?: string, origins: ConfigOrigins = {}) {
    if (text !== undefined) writeFileSync(file, text);
    const loaded = loadConfig({ ...(text === undefined ? {} : { file }), ...origins });
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.errors.map(describeFieldError).join('\n'));
    return loaded.value;
  }

  function refuse(text?: string, origins: ConfigOrigins = {}): readonly string[] {
    if (text !== undefined) writeFileSync(file, text);
    const loaded = loadConfig({ ...(text === undefined ? {} : { file }), ...origins });
    assert.ok(!loaded.ok, 'the config should be refused');
    return loaded.errors.map(describeFieldError);
  }

  describe('without anything', () => {
    it('has the documented defaults', () => {
      const config = load();
      assert.deepEqual(config.server, {
        host: '127.0.0.1',
        port: 8080,
        verdictDeadlineMs: 8000,
        verdictBodyLimitBytes: 262_144,
        cachedVerdicts: 1000,
        requestTimeoutMs: 60_000,
        headersTimeoutMs: 15_000,
        keepAliveTimeoutMs: 100_000,
        answerTimeoutMs: 90_000,
        drainDelayMs: 5000,
        stopGraceMs: 20_000,
        reloadIntervalMs: 5000,
      });
      assert.deepEqual(config.limits, {
        connections: 20_000,
        verdicts: 500,
        ingest: 250,
        reads: 8,
        ingestMemoryBytes: 268_435_456,
        callerRequests: 100_000,
        callerWindowMs: 10_000,
      });
      assert.equal(config.ledger.dataDir, './ml-verdict-data');
      assert.deepEqual(config.looks, { settleMs: 10_000, lookbackMs: 86_400_000, restartGapMs: 600_000 });
      assert.equal(config.ingest.maxAgeMs, 30 * 86_400_000);
      assert.equal(config.ingest.linesLimit, 1_000_000);
      assert.equal(config.ingest.joinWindowMs, 7 * 86_400_000);
      assert.equal(config.logging.level, 'info');
      assert.deepEqual([...config.policies.keys()], ['default', 'progressive', 'plain-loop']);
      assert.equal(config.file, undefined);
    });

    it('takes an empty file, one of comments and one with empty sections for the defaults', () => {
      const expected = load();
      for (const text of ['', '# nothing yet\n', '---\n', 'server:\nlooks:\n  # settle: 5s\n', '{}']) {
        const config = load(text);
        assert.deepEqual(
          { ...config, written: {} },
          { ...expected, written: {}, file },
          JSON.stringify(text),
        );
      }
    });
  });

  describe('a file', () => {
    it('may be YAML or JSON, with units or bare numbers', () => {
      const yaml =
        'server: { port: 9000, verdictDeadline: 500ms }\nlooks: { settle: 30s }\ningest: { lineLimit: 1MiB }\n';
      const json =
        '{"server":{"port":"9000","verdictDeadline":0.5},"looks":{"settle":30},"ingest":{"lineLimit":1048576}}';
      for (const text of [yaml, json]) {
        const config = load(text);
        assert.equal(config.server.port, 9000);
        assert.equal(config.server.verdictDeadlineMs, 500);
        assert.equal(config.looks.settleMs, 30_000);
        assert.equal(config.ingest.lineLimitBytes, 1_048_576);
      }
    });

    it('adds policies and replaces built-in ones', () => {
      const config = load(
        'policies:\n  strict:\n    confidence: 0.99\n    guardrails: [{ name: e, kind: error-rate, promoteBelow: 0.1%, rollbackAbove: 0.5% }]\n' +
          '  default:\n    guardrails: [{ name: only, kind: error-rate, promoteBelow: 1%, rollbackAbove: 2% }]\n',
      );
      assert.equal(config.policies.get('strict')?.confidence, 0.99);
      assert.deepEqual(
        config.policies.get('default')?.guardrails.map(({ name }) => name),
        ['only'],
      );
      assert.ok(config.policies.has('progressive'));
    });

    it('reads the traffic that a model is expected to have', () => {
      const config = load(
        'models:\n  fraud: { traffic: { requestsPerSecond: "50", weight: 5%, outcomeMean: 30, outcomeDeviation: 9 } }\n',
      );
      assert.deepEqual(config.models.get('fraud'), {
        traffic: { requestsPerSecond: 50, weight: 0.05, outcomeMean: 30, outcomeDeviation: 9 },
      });
      assert.deepEqual(
        refuse('models:\n  fraud:\n    traffic: { requestsPerSecond: 5, weight: 0, outcomeMean: 3 }\n'),
        [
          'models.fraud.traffic.weight: expected a percentage above 0 and below 100 such as "5", got 0 (line 3 of ml-verdict.yaml)',
          'models.fraud.traffic.outcomeMean: expected a share of yes below 100 %, or outcomeDeviation beside it, got 3 (line 3 of ml-verdict.yaml)',
        ],
      );
    });

    it('gives models their policy', () => {
      const config = load('models:\n  fraud: { policy: plain-loop }\n  "*": { denominator: predictions }\n');
      assert.deepEqual(
        [...config.models],
        [
          ['fraud', { policy: 'plain-loop' }],
          ['*', { denominator: 'predictions' }],
        ],
      );
    });

    it('gives models their routing, which is one of three words', () => {
      const config = load('models:\n  fraud: { routing: sticky }\n  prod/fraud: { routing: selected }\n');
      assert.deepEqual(
        [...config.models],
        [
          ['fraud', { routing: 'sticky' }],
          ['prod/fraud', { routing: 'selected' }],
        ],
      );
      assert.deepEqual(refuse('models:\n  fraud: { routing: cookie }\n  other: { routng: random }\n'), [
        'models.fraud.routing: expected one of "random", "sticky", "selected", got "cookie" (line 2 of ml-verdict.yaml)',
        'models.other.routng: unknown field; did you mean "routing"? (line 3 of ml-verdict.yaml)',
      ]);
    });

    it('names line, path and nearest known name of an unknown key, all of them at once', () => {
      const errors = refuse(
        'server:\n  prot: 1\n  host: x\nloks:\n  settle: 1s\nmodels:\n  a:\n    polices: b\n',
      );
      assert.deepEqual([...errors].sort(), [
        'loks: unknown field; did you mean "looks"? (line 4 of ml-verdict.yaml)',
        'models.a.polices: unknown field; did you mean "policy"? (line 8 of ml-verdict.yaml)',
        'server.prot: unknown field; did you mean "port"? (line 2 of ml-verdict.yaml)',
      ]);
    });

    it('names line, value and what was expected of a wrong value', () => {
      const errors = refuse(
        'server:\n  port: 70000\n  stopGrace: soon\n  host: 5\nlooks:\n  settle: 2h\nlogging:\n  level: loud\ningest: [1]\n',
      );
      assert.equal(errors.length, 6);
      assert.ok(
        errors.includes(
          'server.port: expected a whole number from 0 to 65535, got 70000 (line 2 of ml-verdict.yaml)',
        ),
      );
      assert.match(errors.join('\n'), /server\.stopGrace: expected a duration.*got "soon" \(line 3 /);
      assert.match(errors.join('\n'), /server\.host: expected a text, got 5 \(line 4 /);
      assert.match(
        errors.join('\n'),
        /looks\.settle: expected a duration from 0 s to 60 min, got "2h" \(line 6 /,
      );
      assert.match(errors.join('\n'), /logging\.level: expected one of "trace".*got "loud" \(line 8 /);
      assert.match(errors.join('\n'), /ingest: expected an object, got an array \(line 9 /);
    });

    it('names the line of what is wrong inside a policy', () => {
      const errors = refuse(
        [
          'policies:',
          '  mine:',
          '    confidance: 0.9',
          '    guardrails:',
          '      - name: e',
          '        kind: eror-rate',
          '      - name: p',
          '        kind: latency-quantile',
          '        quantile: 0.99',
          '        promoteBelow: 200ms',
          '        rollbackAbov: 500ms',
        ].join('\n'),
      );
      const all = errors.join('\n');
      assert.match(all, /policies\.mine\.confidance: unknown field; did you mean "confidence"\? \(line 3 /);
      assert.match(all, /policies\.mine\.guardrails\[0\]\.kind: .*"error-rate"\? \(line 6 /);
      assert.match(
        all,
        /policies\.mine\.guardrails\[1\]\.rollbackAbov: unknown field; did you mean "rollbackAbove"\? \(line 11 /,
      );
    });

    it('names the line of a model whose policy does not exist', () => {
      assert.deepEqual(refuse('models:\n  fraud:\n    policy: progresive\n'), [
        'models.fraud.policy: unknown policy "progresive"; did you mean "progressive"? (line 3 of ml-verdict.yaml)',
      ]);
    });

    it('refuses to forget counts before events of that age are refused', () => {
      assert.match(refuse('ledger: { keepCounts: 10d }\n').join(), /^ingest\.maxAge: .*ledger\.keepCounts/);
    });

    it('refuses to forget what is judged', () => {
      const ageing = 'ingest: { maxAge: 1h }\nlooks: { lookback: 24h }\n';
      const refused = refuse(`${ageing}ledger: { keepCounts: 24h, keepVerdicts: 23h }\n`);
      assert.match(refused[0] ?? '', /^ledger\.keepCounts: expected at least looks\.lookback and 30 minutes/);
      assert.match(refused[1] ?? '', /^ledger\.keepVerdicts: expected at least looks\.lookback/);
      assert.equal(
        load(`${ageing}ledger: { keepCounts: 1470m, keepVerdicts: 24h }\n`).ledger.keepCountsMs,
        1470 * 60_000,
      );
    });

    it('refuses to cut answers before a request may have arrived', () => {
      for (const [text, told] of [
        ['answerTimeout: 30s', /\(60s\), got 30s \(line 2 of/],
        ['answerTimeout: 1m', /\(60s\), got 60s/],
        ['requestTimeout: 100s', /\(100s\), got 90s/],
        ['answerTimeout: 5s\n  requestTimeout: 6s', /\(6s\), got 5s/],
      ] as const) {
        const [message, ...more] = refuse(`server:\n  ${text}\n`);
        assert.deepEqual(more, []);
        assert.match(message ?? '', /^server\.answerTimeout: expected more than server\.requestTimeout /);
        assert.match(message ?? '', told);
      }
      assert.equal(
        load('server: { answerTimeout: 5.5s, requestTimeout: 5s }\n').server.answerTimeoutMs,
        5500,
      );
    });

    it('tells of a key that stands twice, of bad syntax and of something that is no mapping', () => {
      assert.match(
        refuse('server:\n  port: 1\nserver:\n  port: 2\n').join(),
        /ml-verdict\.yaml: .*unique.*line 3/,
      );
      assert.match(refuse('server: [\n').join(), /ml-verdict\.yaml: .*line 2/);
      assert.match(refuse('- server\n').join(), /expected a mapping of sections .*got an array/);
      assert.match(refuse('just words\n').join(), /expected a mapping of sections .*got "just words"/);
    });

    it('tells of a file that is not there, or is a folder', () => {
      const missing = join(folder, 'missing.yaml');
      assert.deepEqual(refuse(undefined, { file: missing }), [
        `${missing}: the config file cannot be read: there is no such file`,
      ]);
      assert.deepEqual(refuse(undefined, { file: folder }), [
        `${folder}: the config file cannot be read: it is a directory`,
      ]);
    });
  });

  describe('environment and flags', () => {
    const text =
      'server: { host: 10.0.0.1, port: 1111 }\naccess: { anonymous: allow }\nledger: { dataDir: /from/file }\n';

    it('win over the file, flags over the environment', () => {
      const env = { ML_VERDICT_HOST: '10.0.0.2', ML_VERDICT_PORT: '2222', ML_VERDICT_DATA_DIR: '/from/env' };
      const fromEnv = load(text, { env });
      assert.deepEqual(
        [fromEnv.server.host, fromEnv.server.port, fromEnv.ledger.dataDir],
        ['10.0.0.2', 2222, '/from/env'],
      );
      const fromFlags = load(text, { env, flags: { port: '3333', dataDir: '/from/flag' } });
      assert.deepEqual(
        [fromFlags.server.host, fromFlags.server.port, fromFlags.ledger.dataDir],
        ['10.0.0.2', 3333, '/from/flag'],
      );
    });

    it('name the file, the flag first', () => {
      writeFileSync(file, text);
      assert.equal(load(undefined, { env: { ML_VERDICT_CONFIG: file } }).server.port, 1111);
      assert.equal(
        load('server: { port: 4444 }', { env: { ML_VERDICT_CONFIG: '/nowhere.yaml' } }).server.port,
        4444,
      );
    });

    it('count as not set where they are empty', () => {
      const env = { ML_VERDICT_HOST: '', ML_VERDICT_PORT: ' ', ML_VERDICT_CONFIG: '', DATABASE_URL: '' };
      assert.equal(load(undefined, { env }).server.port, 8080);
    });

    it('are named where their value is wrong', () => {
      assert.match(
        refuse(text, { env: { ML_VERDICT_PORT: 'http' } }).join(),
        /^ML_VERDICT_PORT: expected a whole number from 0 to 65535, got "http"$/,
      );
      assert.match(refuse(text, { flags: { port: '-1' } }).join(), /^--port: expected .*got "-1"$/);
    });

    it('do not hide what is wrong in the file', () => {
      assert.match(refuse('server: { port: no }', { flags: { port: 1 } }).join(), /server\.port: .*line 1/);
    });

    it("are not mistaken for the variables that Kubernetes makes of a Service's name", () => {
      const env = { ML_VERDICT_PORT: 'tcp://10.96.0.7:8080', ML_VERDICT_SERVICE_HOST: '10.96.0.7' };
      assert.equal(load(undefined, { env }).server.port, 8080);
    });

    it('name a PostgreSQL database, which nothing that prints the config can tell', () => {
      const url = 'postgresql://user:secret@db.example/x';
      const config = load(undefined, { env: { DATABASE_URL: url } });
      assert.deepEqual(ledgerPlace(config), { databaseUrl: url });
      const printed = [JSON.stringify(config), inspect(config, { depth: 9 }), String(config.database)];
      printed.push(JSON.stringify(effectiveConfig(config)));
      assert.doesNotMatch(printed.join(), /secret|db\.example/);
    });

    it('name no database where a flag names a folder, or where there is none', () => {
      const env = { DATABASE_URL: 'postgres://db/x', ML_VERDICT_DATA_DIR: './folder' };
      assert.equal(ledgerPlace(load(undefined, { env, flags: { dataDir: './other' } })), './other');
      assert.deepEqual(ledgerPlace(load(undefined, { env })), { databaseUrl: 'postgres://db/x' });
      assert.equal(ledgerPlace(load(undefined, { env: { DATABASE_URL: ' ' } })), './ml-verdict-data');
    });

    it('are refused where they name another database, without being shown', () => {
      const others = ['mysql://user:secret@db/x', 'secret', 'postgres://', 'postgres://u:secret@[::/x'];
      for (const DATABASE_URL of [...others, 'postgres://u:secret@db/%']) {
        const errors = refuse(undefined, { env: { DATABASE_URL } });
        assert.match(errors.join(), /^DATABASE_URL: expected the URL of a PostgreSQL database/);
        assert.doesNotMatch(errors.join(), /secret/);
      }
    });
  });

  it('reads nothing of the process itself', () => {
    const before = process.env['ML_VERDICT_PORT'];
    process.env['ML_VERDICT_PORT'] = '5555';
    try {
      assert.equal(load().server.port, 8080);
    } finally {
      if (before === undefined) delete process.env['ML_VERDICT_PORT'];
      else process.env['ML_VERDICT_PORT'] = before;
    }
  });
});
