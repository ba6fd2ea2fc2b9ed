import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { baseObjects } from '../manifests/deploy/base-objects.js';
import { Cluster } from '../manifests/deploy/cluster.js';
import { alerts } from '../manifests/deploy/monitoring.js';
import { configOf, imageEnvironment } from '../manifests/deploy/pod-config.js';
import { checkCluster } from '../manifests/deploy/rules/index.js';
import { externalSecrets } from '../manifests/deploy/rules/storage.js';
import { readManifestFile } from '../manifests/manifest-files.js';
import { checkSchema } from '../manifests/schema-validator.js';
import { edited } from '../support/edited.js';
import { queryOutcomes } from '../../src/sources/prometheus/server/server-observer.js';
import { documentAt, root } from './documents.js';

const guide = documentAt('docs/guides/installing.md');
const commands = guide.blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, '').split('\n'));
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const objects = baseObjects();
const cluster = new Cluster(objects);
const overlays = ['embedded', 'postgres'].map((name) => `deploy/overlays/${name}`);
const shipped = [
  ...objects,
  ...[
    'overlays/embedded/volume-claim.yaml',
    'components/servicemonitor/service-monitor.yaml',
    'components/podmonitor/pod-monitor.yaml',
    'components/alerts/prometheus-rule.yaml',
    'components/prometheus/network-policy.yaml',
  ].flatMap((path) => readManifestFile(`deploy/${path}`).documents),
];

/** What the commands of the guide say at the place of a group, each once. */
function inCommands(pattern: RegExp): readonly string[] {
  return [...new Set(commands.flatMap((line) => [...line.matchAll(pattern)].map(([, found = '']) => found)))];
}

describe('deploy/', () => {
  it('leaves no field of its objects unchecked', () => {
    for (const object of shipped) {
      assert.deepEqual(checkSchema(object).errors, []);
      assert.equal(checkSchema(edited(object, 'mistyped', 'x')).errors[0]?.path, 'mistyped');
    }
  });

  it('has a base whose objects fit together', () => {
    assert.deepEqual(checkCluster(cluster), []);
  });

  it('runs the image of this version, as its user and on its port', () => {
    for (const overlay of overlays) {
      const { images } = z
        .object({ images: z.tuple([z.object({ name: z.string(), newTag: z.string() })]) })
        .parse(parse(readFileSync(join(root, overlay, 'kustomization.yaml'), 'utf8')));
      assert.deepEqual(images, [{ name: cluster.container.image, newTag: version }]);
    }
    assert.match(dockerfile, new RegExp(`image\\.version="${version}"`));
    assert.equal(Number(/^EXPOSE (\d+)/m.exec(dockerfile)?.[1]), configOf(cluster).server.port);
    assert.equal(imageEnvironment['ML_VERDICT_HOST'], '0.0.0.0');
    assert.equal(imageEnvironment['SQLITE_TMPDIR'], configOf(cluster).ledger.dataDir);
  });
});

describe('docs/guides/installing.md', () => {
  it('applies what there is', () => {
    const applied = inCommands(/kubectl apply -k (\S+)/g).filter((path) => path.startsWith('deploy/'));
    assert.deepEqual([...applied].sort(), overlays);
    assert.ok(applied.every((path) => existsSync(join(root, path, 'kustomization.yaml'))));
  });

  it('builds the image under the name that the overlays run', () => {
    assert.deepEqual(inCommands(/docker build .*-t (\S+)/g), [`ml-verdict:${version}`]);
  });

  it('works in the namespace that is made', () => {
    const namespace = cluster.only('Namespace').metadata.name;
    const named = inCommands(/kubectl (?:-n|--namespace) (\S+)/g).filter((name) => name !== 'ml');
    assert.deepEqual(named, [namespace]);
    assert.deepEqual(
      inCommands(/(?:deployment|service)\/(\S+?)(?:$| )/g).filter((name) => name !== 'ml-verdict'),
      [],
    );
  });

  it('makes the Secrets that the pods wait for, with the tokens that the config names', () => {
    const made = commands.flatMap((line) => {
      const [, name] = /-n ml-verdict create secret generic (\S+)/.exec(line) ?? [];
      return name === undefined
        ? []
        : [
            {
              name,
              keys: [...line.matchAll(/--from-(?:literal|file)=([\w.-]+)/g)].map(([, key = '']) => key),
            },
          ];
    });
    assert.deepEqual(made.map(({ name }) => name).sort(), [...externalSecrets].sort());
    const files = configOf(cluster).access.tokens.flatMap((token) => token.files);
    const tokens = made.find(({ name }) => name === 'ml-verdict-tokens');
    assert.deepEqual([...(tokens?.keys ?? [])].sort(), files.map((file) => basename(file)).sort());
    assert.deepEqual(made.find(({ name }) => name === 'ml-verdict-database')?.keys, ['url']);
    const named = guide.blocks
      .filter(({ language }) => language === 'yaml')
      .flatMap(({ text }) => [...text.matchAll(/\/etc\/ml-verdict\/prometheus\/(\S+)/g)])
      .map(([, file = '']) => file);
    assert.deepEqual(made.find(({ name }) => name === 'ml-verdict-prometheus')?.keys, named);
  });

  it('labels namespaces as the NetworkPolicy wants them', () => {
    const [label = ''] = inCommands(/kubectl label namespace \S+ (\S+)/g);
    const [key = '', value = ''] = label.split('=');
    const wanted = { namespaceSelector: { matchLabels: { [key]: value } } };
    const { from } = cluster.only('NetworkPolicy').spec.ingress[0] ?? { from: [] };
    assert.ok(from.some((one) => JSON.stringify(one) === JSON.stringify(wanted)));
  });
});

describe('docs/guides/monitoring.md', () => {
  it('tells of every alert what it says', () => {
    const told = documentAt('docs/guides/monitoring.md')
      .rows.filter(({ heading }) => heading === 'Alerts')
      .map(({ cells }) => cells.slice(0, 2).map((cell) => cell.replaceAll('`', '').trim()))
      .filter(([name]) => name?.startsWith('MlVerdict'));
    assert.deepEqual(
      told,
      alerts.map(({ alert, labels }) => [alert, labels.severity]),
    );
  });

  it('tells of everything that can come of a query to a server', () => {
    const told = documentAt('docs/guides/monitoring.md')
      .rows.filter(({ heading }) => heading === 'When a server fails')
      .map(({ cells: [result = ''] }) => result.replaceAll('`', ''))
      .filter((result) => result !== 'result');
    assert.deepEqual([...told].sort(), [...queryOutcomes].sort());
  });
});
