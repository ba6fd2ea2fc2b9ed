import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentAt, root } from '../../docs/documents.js';
import { baseObjects } from '../../manifests/deploy/base-objects.js';
import { Cluster } from '../../manifests/deploy/cluster.js';
import { configOf } from '../../manifests/deploy/pod-config.js';
import { checkCluster } from '../../manifests/deploy/rules/index.js';
import { parseManifests } from '../../manifests/manifest-files.js';
import { checkSchema } from '../../manifests/schema-validator.js';
import { edited } from '../../support/edited.js';
import { runTool, tryTool } from '../tools/run-tool.js';
import { buildFolder, buildKustomization, kustomize } from './kustomize.js';

const overlays = ['deploy/overlays/embedded', 'deploy/overlays/postgres'];
const components = ['servicemonitor', 'dashboard', 'alerts'].map((name) => `deploy/components/${name}`);

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

/** The objects with one of them changed at a path. */
function altered(
  objects: readonly unknown[],
  kind: string,
  path: string,
  value: unknown,
): readonly unknown[] {
  assert.ok(objects.some((object) => kindOf(object) === kind));
  return objects.map((object) => (kindOf(object) === kind ? edited(object, path, value) : object));
}

describe('deploy/ built by kustomize', function () {
  // The first run builds the tool.
  this.timeout(300_000);
  before(() => {
    kustomize();
  });

  for (const overlay of overlays) {
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
      ['NetworkPolicy', 'spec.ingress[0].ports[0].port', 'web', /the NetworkPolicy names the port web/],
      ['NetworkPolicy', 'spec.policyTypes', ['Ingress'], /leaves a direction open/],
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

    it('see a mistyped field anywhere, through the schemas', () => {
      for (const object of [...embedded, ...postgres]) {
        const mistyped = edited(object, 'mistyped', 'x');
        assert.match(schemaErrors([mistyped]).join(), /mistyped: unknown field/);
      }
    });
  });

  describe('the guide', () => {
    it('writes a Kustomization that can be built, with its image, config and components', () => {
      const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-guide-'));
      try {
        symlinkSync(root, join(folder, 'ml-verdict'));
        mkdirSync(join(folder, 'own'));
        const written = heredocs(documentAt('docs/guides/installing.md').text);
        assert.deepEqual([...written.keys()].sort(), ['config.yaml', 'kustomization.yaml']);
        for (const [name, text] of written) writeFileSync(join(folder, 'own', name), text);
        const objects = parseManifests(runTool(kustomize(), ['build', join(folder, 'own')]));
        assert.deepEqual(schemaErrors(objects), []);
        // Other documents, such as the dashboard, are ConfigMaps too.
        const cluster = new Cluster(objects);
        assert.deepEqual(checkCluster(cluster), []);
        assert.equal(cluster.container.image, 'registry.example.com/ml-verdict:0.1.0');
        assert.deepEqual([...configOf(cluster).models.keys()], ['fraud-detector']);
        assert.ok(cluster.all('ServiceMonitor').length + cluster.all('PrometheusRule').length === 2);
      } finally {
        rmSync(folder, { recursive: true, force: true });
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
