import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ledgerSettings, loadConfig } from '../../src/config/index.js';
import { startServer, type RunningServer } from '../../src/server/index.js';
import { openMemoryLedger, type Ledger } from '../../src/sources/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { readDocument, type AnalysisTemplate, type Metric, type Rollout } from './argo-documents.js';
import { runArguments as argumentsOf, stepArguments } from './argo/run-arguments.js';
import {
  getRequest,
  measure,
  postRequest,
  resolveMetric,
  type ArgoRequest,
  type Measurement,
} from './argo/web-metric.js';
import { readManifestFiles } from './manifest-files.js';
import { recordedLines, versions, type VersionName } from './recorded-canaries.js';
import { analysesOf } from './rules/analysis-references.js';
import { roleOf } from './rules/template-roles.js';

const namespace = 'ml';
const model = 'fraud-detector';
const endMs = Date.parse('2026-01-05T10:10:00Z');
const nowMs = endMs + 30_000;

// As in a cluster: the service knows the Secret's token, and the applications have one of their own.
const token = 'the-token-of-the-rollouts';
const senderToken = 'the-token-of-the-applications';
const secrets = new Map([['ml-verdict-token/token', token]]);

function runArguments(template: AnalysisTemplate, given: ReadonlyMap<string, string>) {
  return argumentsOf(template, given, secrets);
}

const documents = readManifestFiles().flatMap(({ path, documents: found }) =>
  found.map((document) => ({ path, document: readDocument(document) })),
);
const templates = documents.flatMap(({ path, document }) =>
  document?.kind === 'AnalysisTemplate' || document?.kind === 'ClusterAnalysisTemplate'
    ? [{ path, document }]
    : [],
);
const rollouts = documents.flatMap(({ path, document }) =>
  document?.kind === 'Rollout' ? [{ path, document }] : [],
);

/** The one fault that each guardrail is there for. */
const faults = {
  'error-rate': 'failing',
  'latency-p99': 'slow',
  'prediction-drift': 'drifted',
  'business-proxy': 'costly',
} as const satisfies Readonly<Record<string, VersionName>>;

type Verdict = 'promote' | 'hold' | 'rollback';

/** What has to come of a version, whichever metric asks. */
const outcomes = [
  ['sound', 'promote'],
  ['young', 'hold'],
  ['thin', 'hold'],
  ['broken', 'rollback'],
] as const satisfies readonly (readonly [VersionName, Verdict])[];

/** Who decides by the figures alone promotes on sixty requests too; of eight the figures are beyond a limit by chance. */
function outcomesFor({ metadata }: AnalysisTemplate): readonly (readonly [VersionName, Verdict])[] {
  if (metadata.name !== 'ml-model-threshold') return outcomes;
  return outcomes.map(([version, verdict]) => [version, version === 'thin' ? 'promote' : verdict]);
}

/** What Argo makes of a verdict: a watch goes on, whatever is not a rollback. */
function phaseOf(template: AnalysisTemplate, verdict: Verdict): Measurement['phase'] {
  if (verdict === 'rollback') return 'Failed';
  return verdict === 'promote' || roleOf(template) === 'background' ? 'Successful' : 'Inconclusive';
}

describe('conditions of the shipped templates, on the answers of the service', () => {
  let ledger: Ledger;
  let server: RunningServer;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-templates-'));
    const [rollouts, applications, file] = ['rollouts', 'applications', 'config.yaml'].map((name) =>
      join(folder, name),
    );
    assert.ok(rollouts !== undefined && applications !== undefined && file !== undefined);
    writeFileSync(rollouts, `${token}\n`);
    writeFileSync(applications, senderToken);
    const tokens = [
      { name: 'rollouts', files: [rollouts], scopes: ['verdict'], namespaces: [namespace, 'elsewhere'] },
      { name: 'applications', files: [applications], scopes: ['ingest'] },
    ];
    writeFileSync(file, stringify({ access: { tokens } }));
    const config = loadConfig({ file, flags: { host: '127.0.0.1', port: 0 } });
    assert.ok(config.ok);
    ledger = await openMemoryLedger(ledgerSettings(config.value));
    const logger = createLogger({ level: 'silent' });
    server = await startServer({
      config: config.value,
      ledger,
      logger,
      now: () => nowMs,
      processMetrics: false,
    });
    for (const version of Object.keys(versions) as VersionName[]) {
      const lines = recordedLines(namespace, model, version, endMs);
      await ingest('predictions', lines.predictions);
      await ingest('outcomes', lines.outcomes);
    }
  });

  after(async () => {
    await server.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ingest(route: string, body: string): Promise<void> {
    const headers = {
      'content-type': 'application/x-ndjson',
      authorization: `Bearer ${senderToken}`,
    };
    const response = await fetch(`${address()}/v1/${route}`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { accepted: number; refused: unknown[] };
    assert.deepEqual([response.status, answer.accepted, answer.refused], [200, body.split('\n').length, []]);
  }

  function address(): string {
    return `http://127.0.0.1:${server.port}`;
  }

  async function send({ method, url, headers, body }: ArgoRequest, metric: Metric): Promise<Measurement> {
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    return measure(metric, response.status, await response.text());
  }

  /** The measurement of a metric, asked by POST as in the template, and by GET with the same answer. */
  async function measured(metric: Metric, args: ReadonlyMap<string, string>): Promise<Measurement> {
    const resolved = resolveMetric(metric, args);
    const posted = await send(postRequest(resolved), resolved);
    assert.deepEqual(await send(getRequest(resolved), resolved), posted);
    return posted;
  }

  /** What a Rollout has to give, and whatever else a test wants to. */
  function given(
    canary: VersionName,
    more: Readonly<Record<string, string>> = {},
  ): ReadonlyMap<string, string> {
    const required = { 'verdict-url': address(), namespace, 'model-name': model, 'stable-hash': 'stable' };
    return new Map(Object.entries({ ...required, 'canary-hash': canary, step: '3', ...more }));
  }

  it('an answer never holds the token, and a wrong one is an error of the measurement', async () => {
    const [first] = templates;
    assert.ok(first);
    for (const metric of first.document.spec.metrics) {
      const args = runArguments(first.document, given('sound'));
      const { phase, value } = await measured(metric, args);
      assert.ok(phase !== 'Error' && !JSON.stringify(value).includes(token));
      const wrong = await measured(metric, new Map([...args, ['token', 'a-token-of-nobody']]));
      assert.deepEqual(wrong, { phase: 'Error', value: undefined });
    }
  });

  function assertMeasured({ phase, value }: Measurement, template: AnalysisTemplate, verdict: Verdict): void {
    assert.ok(Array.isArray(value), JSON.stringify(value));
    const [number, word, sentence] = value as readonly unknown[];
    // To a watch it is all one whether its own guardrail is at hold or at promote.
    const expected =
      roleOf(template) === 'background' && word !== 'rollback' ? ['promote', 'hold'] : [verdict];
    assert.ok(
      expected.some((one) => one === word) && (verdict !== 'rollback') === (word !== 'rollback'),
      String(sentence),
    );
    assert.equal(phase, phaseOf(template, verdict), String(sentence));
    assert.ok(number === null || typeof number === 'number');
    assert.ok(typeof sentence === 'string' && sentence.length > 0 && sentence.length < 200);
  }

  for (const { path, document } of templates) {
    describe(path, () => {
      for (const metric of document.spec.metrics) {
        it(`${metric.name}: succeeds on a sound canary, fails on a broken one, neither where too little is known`, async () => {
          for (const [canary, verdict] of outcomesFor(document)) {
            const measurement = await measured(metric, runArguments(document, given(canary)));
            assertMeasured(measurement, document, verdict);
          }
        });

        it(`${metric.name}: says the same with every optional argument empty`, async () => {
          const optional = document.spec.args.filter((arg) => arg.value !== undefined);
          const empty = Object.fromEntries(optional.map((arg) => [arg.name, '']));
          for (const [canary, verdict] of outcomesFor(document)) {
            const more = { ...empty, 'verdict-url': address() };
            const measurement = await measured(metric, runArguments(document, given(canary, more)));
            assertMeasured(measurement, document, verdict);
          }
        });
      }

      it('one fault fails its own guardrail and the gate, and succeeds nowhere', async () => {
        for (const [guardrail, canary] of Object.entries(faults)) {
          for (const metric of document.spec.metrics) {
            const blamed = metric.name === guardrail || metric.name === 'ml-verdict';
            const measurement = await measured(metric, runArguments(document, given(canary)));
            const verdict = blamed ? 'rollback' : 'hold';
            assertMeasured(measurement, document, verdict);
          }
        }
      });

      it('names that nothing was recorded for are neither a success nor a failure', async () => {
        for (const [name, unknown] of [
          ['model-name', 'fraud-detectr'],
          ['canary-hash', 'sond'],
          ['stable-hash', 'stabl'],
          ['namespace', 'elsewhere'],
          ['policy', 'defualt'],
          ['confidence', 'much'],
          ['error-rate-promote-below', '0.5'],
        ] as const) {
          // What a template does not declare never reaches the service.
          if (!document.spec.args.some((arg) => arg.name === name)) continue;
          for (const metric of document.spec.metrics) {
            const measurement = await measured(
              metric,
              runArguments(document, given('sound', { [name]: unknown })),
            );
            assertMeasured(measurement, document, 'hold');
          }
        }
      });
    });
  }

  for (const { path, document } of rollouts) {
    it(`${path}: every gate lets a sound canary through, every analysis stops a broken one`, async () => {
      for (const [canary, verdict] of [
        ['sound', 'promote'],
        ['broken', 'rollback'],
      ] as const) {
        for (const { template, args } of analyses(document, canary)) {
          for (const metric of template.spec.metrics) {
            // The recorded canaries get half of the traffic, the share of the last step alone.
            const values = new Map([...args, ['verdict-url', address()], ['weight', '50']]);
            assertMeasured(await measured(metric, runArguments(template, values)), template, verdict);
          }
        }
      }
    });
  }

  /** Every analysis of a Rollout, each template with the arguments that it gets there. */
  function analyses(rollout: Rollout, canary: VersionName) {
    return analysesOf(rollout).flatMap(({ references, args: given, experiment }) => {
      const facts = {
        latestHash: canary,
        stableHash: 'stable',
        fields: { 'metadata.namespace': namespace, 'status.currentStepIndex': '3' },
        // The arms of an experiment are named after the versions that they are made of.
        experimentHashes: Object.fromEntries(
          (experiment?.templates ?? []).map(({ name, specRef }) => [
            name,
            specRef === 'canary' ? canary : 'stable',
          ]),
        ),
      };
      const args = stepArguments(given, facts);
      return [...references.values()].map(({ templateName, clusterScope }) => ({
        template: templateNamed(templateName, clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'),
        args,
      }));
    });
  }
});

function templateNamed(name: string, kind: AnalysisTemplate['kind']): AnalysisTemplate {
  const found = templates.find(({ document }) => document.kind === kind && document.metadata.name === name);
  assert.ok(found);
  return found.document;
}
