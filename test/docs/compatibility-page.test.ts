import assert from 'node:assert/strict';
import { contract } from '../conformance/argo/compat/contract/index.js';
import { facts } from '../conformance/argo/compat/facts.js';
import { rolloutCases } from '../conformance/argo/compat/rollouts/rollout-cases.js';
import { releases } from '../conformance/argo/compat/releases.js';
import { readRepositoryFile } from '../support/pages/repository-files.js';
import { documentAt } from './documents.js';

const page = documentAt('docs/compatibility.md');
const scripts = JSON.parse(readRepositoryFile('package.json')) as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};

const cases = contract.length + rolloutCases.length;

/** The cells behind the first one, of a row under a heading. */
function row(heading: string, first: string): readonly string[] {
  const found = page.rows.find(({ heading: under, cells }) => under === heading && cells[0] === first);
  return found?.cells.slice(1) ?? assert.fail(`no row "${first}" under "${heading}"`);
}

/** The first group of a pattern in a file. */
function versionIn(path: string, pattern: RegExp): string {
  return pattern.exec(readRepositoryFile(path))?.[1] ?? assert.fail(`${path} has no ${pattern.source}`);
}

describe('docs/compatibility.md', () => {
  it('has the releases of Argo Rollouts that the suite tries', () => {
    for (const { version, expressions, kubernetesClient } of releases) {
      assert.deepEqual(row('Argo Rollouts', version), [
        `${cases} of ${cases}`,
        `\`${expressions}\``,
        kubernetesClient,
      ]);
    }
  });

  it('has every case that the suite plays, kept by every release', () => {
    const rows = page.rows
      .filter(({ heading }) => heading === 'What every release does with an answer')
      .slice(1);
    assert.deepEqual(
      rows.map(({ cells }) => cells),
      contract.map(({ template, answers, measurements, run }) => [
        `\`${template}\``,
        answers,
        measurements.join(', '),
        run === 'Running' ? 'goes on' : run,
        ...releases.map(() => 'yes'),
      ]),
    );
  });

  it('has every rollout that the suite plays, kept by every release', () => {
    for (const { answers, becomes } of rolloutCases) {
      assert.deepEqual(row('What every release does with a Rollout', answers), [
        becomes,
        ...releases.map(() => 'yes'),
      ]);
    }
  });

  it('has every answer that the suite sees what becomes of', () => {
    for (const { answer } of facts) {
      const outcomes = row('What no release should be given', answer);
      assert.equal(outcomes.length, releases.length);
      for (const outcome of outcomes) assert.notEqual(outcome, '');
    }
  });

  for (const [what, path, pattern] of [
    ['Kubernetes', 'test/conformance/argo/modules/rollouts/go.mod', /k8s\.io\/kubernetes v(\S+)/],
    ['Kustomize', 'test/conformance/go.mod', /kustomize\/v5 v(\S+)/],
    ['KServe', 'test/conformance/events/kserve/go.mod', /kserve\/kserve v(\S+)/],
    ['KServe', 'test/conformance/prometheus/model-servers/requirements-kserve.txt', /^kserve==(\S+)/m],
    ['MLServer', 'test/conformance/prometheus/model-servers/requirements-mlserver.txt', /^mlserver==(\S+)/m],
    ['Node.js', 'test/conformance/image/base-images.ts', /nodeVersion = '([^']+)'/],
    ['Node.js', 'Dockerfile', /BASE=node:(\d+)/],
    ['Node.js', 'package.json', /"node": ">=([^"]+)"/],
  ] as const) {
    it(`has the version of ${what} that ${path} names`, () => {
      const version = versionIn(path, pattern);
      const text = row('Everything else', what).join(' ');
      assert.match(text, new RegExp(`(?<![\\d.])${version.replaceAll('.', '\\.')}(?![\\d.]*\\d)`));
    });
  }

  it('has the database and metric servers that CI installs', () => {
    const installed = readRepositoryFile('.ci/run');
    for (const [what, name] of [
      ['Prometheus', 'prometheus'],
      ['VictoriaMetrics', 'victoria-metrics'],
      ['PostgreSQL', 'postgresql'],
    ] as const) {
      assert.match(row('Everything else', what)[0] ?? '', /of Debian 12/);
      assert.match(installed, new RegExp(`\\b${name}\\b`));
    }
  });

  it('names suites that there are', () => {
    const names = [...page.text.matchAll(/`(?:npm run )?(test:[a-z:]+)`/g)].map(([, name = '']) => name);
    assert.ok(names.length > 8);
    assert.deepEqual(
      names.filter((name) => scripts.scripts[name] === undefined),
      [],
    );
  });
});
