import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { documentAt, root } from '../../docs/documents.js';
import { baseObjects } from '../../manifests/deploy/base-objects.js';
import { Cluster } from '../../manifests/deploy/cluster.js';
import { configOf, configText } from '../../manifests/deploy/pod-config.js';
import { checkCluster } from '../../manifests/deploy/rules/index.js';
import { parseManifests } from '../../manifests/manifest-files.js';
import { checkSchema } from '../../manifests/schema-validator.js';
import { edited } from '../../support/edited.js';
import { valueOf } from '../../support/value-of.js';
import { runTool, tryTool } from '../tools/run-tool.js';
import {
  modelOfEntry,
  modelQueries,
  modelSettings,
  modelSource,
  type Config,
} from '../../../src/config/index.js';
import { buildFolder, buildKustomization, kustomize } from './kustomize.js';

const overlays = ['deploy/overlays/embedded', 'deploy/overlays/postgres'];
const components = ['servicemonitor', 'dashboard', 'alerts', 'prometheus'].map(
  (name) => `deploy/components/${name}`,
);

/** What drives canaries, the rights on what their traffic is moved on, and what watches it. */
const driving = [
  'controller',
  'controller-kserve',
  'controller-seldon',
  'controller-seldon-v2',
  'podmonitor',
].map((name) => `deploy/components/${name}`);

/** Every choice of the components, the empty one included. */
const choices = components.reduce<readonly (readonly string[])[]>(
  (found, component) => [...found, ...found.map((chosen) => [...chosen, component])],
  [[]],
);

function schemaErrors(objects: readonly unknown[]): readonly string[] {
  return objects.flatMap((object) =>
    checkSchema(object).errors.map(({ path, message }) => `${kindOf(object)} ${path}: ${message}`),
  );
}

function kindOf(object: unknown): string {
  return String((object as { readonly kind?: unknown }).kind);
}

/** The objects with those of a kind, or the one that is written `Kind/name`, changed at a path. */
function altered(
  objects: readonly unknown[],
  which: string,
  path: string,
  value: unknown,
): readonly unknown[] {
  const isMeant = (object: unknown): boolean => [kindOf(object), nameOf(object)].includes(which);
  assert.ok(objects.some(isMeant));
  return objects.map((object) => (isMeant(object) ? edited(object, path, value) : object));
}

/** `Kind/name`. */
function nameOf(object: unknown): string {
  return `${kindOf(object)}/${(object as { readonly metadata: { readonly name: string } }).metadata.name}`;
}

describe('deploy/ built by kustomize', function () {
  // The first run builds the tool.
  this.timeout(300_000);
  before(() => {
    kustomize();
  });

  for (const overlay of overlays) {
    for (const chosen of [driving.slice(0, 1), driving.slice(0, 2), driving, [...components, ...driving]]) {
      const name = [overlay, ...chosen].map((path) => path.split('/').pop()).join(' + ');
      it(`${name}: the controller fits the service that it asks`, () => {
        const objects = buildKustomization({ resources: [overlay], components: chosen });
        const known = objects.filter((object) => kindOf(object) !== 'CustomResourceDefinition');
        assert.deepEqual(schemaErrors(known), []);
        // What is there beside it fits together as it does without it.
        const isOfController = /Role|CustomResourceDefinition|\/ml-verdict-controller/;
        const rest = objects.filter((object) => !isOfController.test(nameOf(object)));
        assert.deepEqual(checkCluster(new Cluster(rest)), []);
        const names = new Set(objects.map(nameOf));
        assert.ok(names.has('Deployment/ml-verdict-controller'), [...names].join(' '));
        assert.ok(names.has('CustomResourceDefinition/modelrollouts.ml-verdict.io'));
      });
    }

    for (const chosen of choices) {
      const name = [overlay, ...chosen].map((path) => path.split('/').pop()).join(' + ');
      it(`${name}: every object fits its schema, and all fit together`, () => {
        const objects = buildKustomization({ resources: [overlay], components: chosen });
        assert.deepEqual(schemaErrors(objects), []);
        assert.deepEqual(checkCluster(new Cluster(objects)), []);
      });
    }
  }

  it('an overlay is applied as it is', () => {
    for (const overlay of overlays) {
      assert.deepEqual(buildFolder(overlay), buildKustomization({ resources: [overlay] }));
    }
  });

  it('the base is what the quick tests take it for', () => {
    const sorted = (objects: readonly unknown[]) =>
      [...objects].sort((one, other) => kindOf(one).localeCompare(kindOf(other)));
    assert.deepEqual(sorted(buildFolder('deploy/base')), sorted(baseObjects()));
  });

  it('embedded is one pod with a volume that makes no connections', () => {
    const cluster = new Cluster(buildFolder('deploy/overlays/embedded'));
    assert.deepEqual(cluster.objects.map(({ kind }) => kind).sort(), [
      'ConfigMap',
      'Deployment',
      'Namespace',
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
    assert.equal(cluster.only('Deployment').spec.replicas, 1);
    assert.deepEqual(cluster.only('NetworkPolicy').spec.egress, []);
    assert.ok(cluster.container.env.every(({ name }) => name !== 'DATABASE_URL'));
  });

  it('postgres is two pods that go out to the database and its name alone', () => {
    const cluster = new Cluster(buildFolder('deploy/overlays/postgres'));
    assert.equal(cluster.only('Deployment').spec.replicas, 2);
    assert.deepEqual(
      cluster.only('NetworkPolicy').spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      [5432, 53, 53],
    );
    assert.deepEqual(cluster.container.env.find(({ name }) => name === 'DATABASE_URL')?.valueFrom, {
      secretKeyRef: { name: 'ml-verdict-database', key: 'url' },
    });
    assert.ok(cluster.pod.volumes.every(({ persistentVolumeClaim }) => persistentVolumeClaim === undefined));
  });

  it('prometheus lets them out to a Prometheus and its name as well, and waits for no Secret', () => {
    for (const overlay of overlays) {
      const alone = new Cluster(buildFolder(overlay));
      const cluster = new Cluster(
        buildKustomization({ resources: [overlay], components: ['deploy/components/prometheus'] }),
      );
      const [added, ...more] = cluster
        .all('NetworkPolicy')
        .filter(({ metadata }) => metadata.name !== alone.only('NetworkPolicy').metadata.name);
      assert.ok(added);
      assert.equal(more.length, 0);
      assert.deepEqual(added.spec.policyTypes, ['Egress']);
      assert.deepEqual(
        added.spec.egress.flatMap(({ to, ports }) =>
          ports.map(({ port }) => [
            to[0]?.namespaceSelector?.matchLabels['kubernetes.io/metadata.name'],
            port,
          ]),
        ),
        [
          ['monitoring', 9090],
          ['kube-system', 53],
          ['kube-system', 53],
        ],
      );
      const secrets = cluster.pod.volumes.flatMap(({ secret }) => (secret === undefined ? [] : [secret]));
      assert.deepEqual(
        secrets.filter(({ optional }) => optional).map(({ secretName }) => secretName),
        ['ml-verdict-prometheus'],
      );
      // It is there beside the rest of the overlay, and in place of nothing.
      const names = ({ pod }: Cluster) => pod.volumes.map(({ name }) => name);
      assert.deepEqual(
        names(cluster)
          .filter((name) => name !== 'prometheus')
          .sort(),
        names(alone).sort(),
      );
      assert.equal(configText(cluster), configText(alone));
    }
  });

  it('the example in the config of the base is a config, for the component', () => {
    const objects = buildKustomization({
      resources: ['deploy/overlays/embedded'],
      components: ['deploy/components/prometheus'],
    });
    const text = configText(new Cluster(objects));
    const example = text.slice(text.indexOf('# prometheus:'));
    assert.ok(example.startsWith('# prometheus:'));
    const written = `${text.slice(0, -example.length)}${example.replaceAll(/^# /gm, '')}`;
    const cluster = new Cluster(altered(objects, 'ConfigMap/ml-verdict', 'data', { 'config.yaml': written }));
    assert.deepEqual(checkCluster(cluster), []);
    const config = configOf(cluster);
    assert.equal(config.prometheus.servers.size, 1);
    assertReadFromPrometheus(config);
  });

  it('lets nobody in without a token', () => {
    for (const overlay of overlays) {
      const { access } = configOf(new Cluster(buildFolder(overlay)));
      assert.notEqual(access.anonymous, 'allow');
      assert.ok(access.tokens.length > 0);
    }
  });

  describe('rules', () => {
    let embedded: readonly unknown[] = [];
    let postgres: readonly unknown[] = [];
    before(() => {
      embedded = buildKustomization({ resources: ['deploy/overlays/embedded'], components });
      postgres = buildFolder('deploy/overlays/postgres');
    });

    const container = 'spec.template.spec.containers[0]';
    const mistakes: readonly (readonly [string, string, unknown, RegExp])[] = [
      ['Deployment', 'spec.template.metadata.labels', { app: 'x' }, /the Service selects .* nothing has/],
      ['PodDisruptionBudget', 'spec.selector.matchLabels', {}, /the PodDisruptionBudget selects/],
      ['ServiceMonitor', 'spec.selector.matchLabels', { app: 'x' }, /the ServiceMonitor selects/],
      ['ServiceMonitor', 'spec.endpoints[0].port', 'metrics', /the ServiceMonitor names the port metrics/],
      ['ServiceMonitor', 'spec.endpoints[0].path', '/metric', /\/metric is asked, and is no route/],
      ['Service', 'spec.ports[0].targetPort', 'web', /the Service names the port web/],
      ['Service', 'spec.ports[0].port', 80, /the shipped templates do not ask/],
      ['ServiceMonitor', 'spec.endpoints[0].honorLabels', false, /the namespace .* is lost/],
      [
        'NetworkPolicy/ml-verdict',
        'spec.ingress[0].ports[0].port',
        'web',
        /the NetworkPolicy names the port web/,
      ],
      ['NetworkPolicy', 'spec.policyTypes', ['Ingress'], /leaves a direction open/],
      [
        'NetworkPolicy/ml-verdict-prometheus',
        'spec.podSelector.matchLabels',
        {},
        /the NetworkPolicy selects/,
      ],
      ['NetworkPolicy/ml-verdict-prometheus', 'spec.egress[0].ports', [], /go out to any port/],
      ['Deployment', `${container}.ports[0].containerPort`, 80, /does not listen on 80/],
      ['Deployment', `${container}.readinessProbe.httpGet.path`, '/healthz', /ask the same path/],
      ['Deployment', `${container}.volumeMounts[0].name`, 'dat', /dat is mounted, and no volume/],
      ['Deployment', `${container}.securityContext.readOnlyRootFilesystem`, false, /readOnlyRootFilesystem/],
      ['Deployment', `${container}.resources.limits.cpu`, '1', /limits is/],
      ['Deployment', 'spec.replicas', 2, /two pods may write one ledger/],
      ['Deployment', 'spec.strategy.type', 'RollingUpdate', /two pods may write one ledger/],
      ['Deployment', 'spec.template.spec.terminationGracePeriodSeconds', 20, /killed before/],
      ['ConfigMap', 'metadata.name', 'other', /no ConfigMap is mounted/],
      ['ConfigMap', 'metadata.namespace', 'default', /not in the namespace/],
      ['Service', 'metadata.labels', {}, /has no label/],
      ['PodDisruptionBudget', 'spec.maxUnavailable', 0, /blocks drains/],
      ['ServiceAccount', 'automountServiceAccountToken', true, /mounts its token/],
    ];
    for (const [kind, path, value, expected] of mistakes) {
      it(`see ${path} of the ${kind} as ${JSON.stringify(value)}`, () => {
        assert.match(problemsOf(altered(embedded, kind, path, value)), expected);
      });
    }

    it('see an update that leaves no pod', () => {
      const path = 'spec.strategy.rollingUpdate.maxUnavailable';
      assert.match(problemsOf(altered(postgres, 'Deployment', path, 1)), /away during an update/);
    });

    it('see a config with a mistake, and a token file that nothing mounts', () => {
      const config = (text: string) =>
        problemsOf(altered(embedded, 'ConfigMap', 'data', { 'config.yaml': text }));
      assert.match(config('server: { prot: 1 }'), /prot/);
      const caller = '{ name: x, scopes: [read], files: [/etc/x/token] }';
      assert.match(config(`access: { tokens: [${caller}] }`), /token file \/etc\/x\/token is in no mounted/);
    });

    it('see a server that cannot be asked', () => {
      const server = (entry: string) =>
        problemsOf(
          altered(embedded, 'ConfigMap', 'data', {
            'config.yaml': `access: { anonymous: allow }\nprometheus: { servers: { main: ${entry} } }`,
          }),
        );
      const reached = 'http://prometheus-operated.monitoring.svc:9090';
      assert.equal(server(`{ url: "${reached}" }`), '');
      assert.match(server('{ url: "http://vm.metrics.svc:8428" }'), /no way out to port 8428 of metrics/);
      assert.match(
        server('{ url: "https://thanos.monitoring.svc" }'),
        /no way out to port 443 of monitoring/,
      );
      for (const file of [
        'bearerTokenFile: /etc/x',
        'headers: { X-Key: { file: /etc/x } }',
        'basicAuth: { username: a, passwordFile: /etc/x }',
      ]) {
        assert.match(server(`{ url: "${reached}", ${file} }`), /main: the file \/etc\/x is in no mounted/);
      }
      const secure = 'url: "https://prometheus.monitoring.svc:9090"';
      assert.match(server(`{ ${secure}, tls: { caFile: /etc/x } }`), /the file \/etc\/x is in no mounted/);
    });

    it('see a mistyped field anywhere, through the schemas', () => {
      for (const object of [...embedded, ...postgres]) {
        const mistyped = edited(object, 'mistyped', 'x');
        assert.match(schemaErrors([mistyped]).join(), /mistyped: unknown field/);
      }
    });
  });

  describe('the guide', () => {
    const guide = documentAt('docs/guides/installing.md');
    const written = heredocs(guide.text);
    const configs = guide.blocks
      .filter(({ language, heading }) => language === 'yaml' && heading === 'Verdicts from Prometheus')
      .map(({ text }) => parsed(text));
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'ml-verdict-guide-'));
      symlinkSync(root, join(folder, 'ml-verdict'));
      mkdirSync(join(folder, 'own'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    /** What a reader has in a cluster who wrote these files beside the repository. */
    function built(files: Iterable<readonly [string, string]>): Cluster {
      for (const [name, text] of files) writeFileSync(join(folder, 'own', name), text);
      const objects = parseManifests(runTool(kustomize(), ['build', join(folder, 'own')]));
      assert.deepEqual(schemaErrors(objects), []);
      return new Cluster(objects);
    }

    it('writes a Kustomization that can be built, with its image, config and components', () => {
      assert.deepEqual([...written.keys()].sort(), ['config.yaml', 'kustomization.yaml']);
      // Other documents, such as the dashboard, are ConfigMaps too.
      const cluster = built(written);
      assert.deepEqual(checkCluster(cluster), []);
      assert.equal(cluster.container.image, 'registry.example.com/ml-verdict:0.1.0');
      assert.deepEqual([...configOf(cluster).models.keys()], ['fraud-detector']);
      assert.ok(cluster.all('ServiceMonitor').length + cluster.all('PrometheusRule').length === 2);
    });

    it('has verdicts made from Prometheus, in the namespace of the component and in another one', () => {
      const [, component = ''] =
        /add `(\S*)` to the\s+`components` of your Kustomization/.exec(guide.text) ?? [];
      const [, patches = ''] = /^cat >> kustomization\.yaml <<'END'\n([\s\S]*?)^END$/m.exec(guide.text) ?? [];
      const own = parsed(written.get('kustomization.yaml'));
      const components = [...(own['components'] as readonly string[]), component];
      const kustomization = stringify({ ...own, components });
      const ways = [kustomization, kustomization + patches];
      assert.equal(configs.length, ways.length);
      for (const [position, config] of configs.entries()) {
        const text = stringify({ ...parsed(written.get('config.yaml')), ...config });
        for (const [way, files] of ways.entries()) {
          const cluster = built([
            ['config.yaml', text],
            ['kustomization.yaml', files],
          ]);
          assertReadFromPrometheus(configOf(cluster));
          const problems = checkCluster(cluster);
          if (way === position) assert.deepEqual(problems, []);
          else assert.match(problems.join(), /^main: no way out to port \d+ of \w+$/);
        }
      }
    });
  });

  it('kustomize refuses what is wrong, so that the above says something', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-refused-'));
    try {
      writeFileSync(join(folder, 'kustomization.yaml'), 'resourcez: []\n');
      assert.notEqual(tryTool(kustomize(), ['build', folder]).status, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function parsed(text = ''): Readonly<Record<string, unknown>> {
  return parse(text) as Readonly<Record<string, unknown>>;
}

/** Every model that is listed is read from a server, with requests, errors and times. */
function assertReadFromPrometheus(config: Config): void {
  assert.ok(config.models.size > 0);
  for (const entry of config.models.keys()) {
    const { namespace, model } = modelOfEntry(entry);
    assert.equal(modelSource(modelSettings(config, namespace, model)), 'prometheus');
    const queries = modelQueries(config, namespace, model);
    assert.ok(queries);
    const { errors, latency } = valueOf(queries).signals;
    assert.ok(errors !== undefined && latency !== undefined, entry);
  }
}

/** What does not fit together; a config that cannot be read at all is said as well. */
function problemsOf(objects: readonly unknown[]): string {
  try {
    return checkCluster(new Cluster(objects)).join('\n');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Files that a document writes by `cat > NAME <<'END'`. */
function heredocs(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^cat > (\S+) <<'END'\n([\s\S]*?)^END$/gm)].map(([, name = '', content = '']) => [
      name,
      content,
    ]),
  );
}
