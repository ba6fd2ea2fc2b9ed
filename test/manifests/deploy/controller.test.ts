import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { leaseName } from '../../../src/progressive/controller/index.js';
import type { ClusterApi } from '../../../src/progressive/cluster/cluster-api.js';
import { readSeldonVersion } from '../../../src/progressive/targets/seldon-experiment/seldon-version.js';
import { modelRolloutKind } from '../../../src/progressive/resource/index.js';
import { targetKinds, type AccessRule } from '../../../src/progressive/targets/index.js';
import { addControllerCommand } from '../../../src/cli/controller-command.js';
import { Command } from 'commander';
import { documentAt } from '../../docs/documents.js';
import { MemoryCluster } from '../../support/progressive/memory-cluster.js';
import { applyPatch } from '../../support/progressive/json-patch.js';
import { readManifestFile } from '../manifest-files.js';
import { checkSchema } from '../schema-validator.js';
import { baseObjects } from './base-objects.js';
import { Cluster } from './cluster.js';
import { checkHardening } from './rules/hardening.js';

const components = new URL('../../../deploy/components/', import.meta.url);
const folders = ['controller', 'controller-kserve', 'controller-seldon', 'controller-seldon-v2'];

const kustomizationSchema = z.object({
  resources: z.array(z.string()),
  images: z.array(z.object({ name: z.string(), newTag: z.string() })).optional(),
});
const kustomization = (folder: string) =>
  kustomizationSchema.parse(parse(readFileSync(new URL(`${folder}/kustomization.yaml`, components), 'utf8')));

const documentsOf = (folder: string): readonly unknown[] =>
  kustomization(folder)
    .resources.filter((name) => name !== 'crd.yaml')
    .flatMap((name) => readManifestFile(`deploy/components/${folder}/${name}`).documents);

const rule = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
const role = z.object({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: z.object({ name: z.string() }),
  rules: z.array(rule),
});
const named = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) });
const patchesSchema = z.object({
  patches: z.array(z.object({ target: z.object({ kind: z.string(), name: z.string() }), patch: z.string() })),
});
const patchSchema = z.array(
  z.object({ op: z.enum(['add', 'replace']), path: z.string(), value: z.unknown() }),
);
const rolesOf = (folder: string) =>
  documentsOf(folder).flatMap((document) => {
    const read = role.safeParse(document);
    return read.success ? [read.data] : [];
  });

/** `verb plural.group` for each thing that is allowed. */
function allowed(rules: readonly AccessRule[]): readonly string[] {
  return rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
      ),
    )
    .sort();
}

describe('deploy/components/controller', () => {
  const objects = documentsOf('controller');
  const isRight = (object: unknown) => /^(Cluster)?Role(Binding)?$/.test((object as { kind: string }).kind);
  const cluster = new Cluster(objects.filter((object) => !isRight(object)));

  it('leaves no field of its objects unchecked, and lists every file', () => {
    for (const folder of folders) {
      for (const object of documentsOf(folder)) assert.deepEqual(checkSchema(object).errors, []);
      const files = readdirSync(new URL(folder, components)).filter((name) => name !== 'kustomization.yaml');
      assert.deepEqual(files.sort(), [...kustomization(folder).resources].sort());
    }
  });

  it('is as hardened as the service, but for the token that it needs', () => {
    assert.deepEqual(checkHardening(cluster), ['automountServiceAccountToken is true']);
  });

  it('selects its own pods only, and the service selects none of them', () => {
    const { labels } = cluster.only('Deployment').spec.template.metadata;
    const base = new Cluster(baseObjects());
    for (const selector of [
      base.only('Service').spec.selector,
      base.only('Deployment').spec.selector.matchLabels,
      base.only('PodDisruptionBudget').spec.selector.matchLabels,
      base.only('NetworkPolicy').spec.podSelector.matchLabels,
    ]) {
      assert.ok(!Object.entries(selector).every(([name, value]) => labels[name] === value));
    }
    for (const selector of [
      cluster.only('Deployment').spec.selector.matchLabels,
      cluster.only('PodDisruptionBudget').spec.selector.matchLabels,
    ]) {
      assert.ok(Object.entries(selector).every(([name, value]) => labels[name] === value));
    }
  });

  it('runs two replicas with options that there are, and the same version as the overlays', () => {
    assert.equal(cluster.only('Deployment').spec.replicas, 2);
    const program = new Command().exitOverride();
    addControllerCommand(program, {
      console: { isTerminal: false, columns: 80, out: () => undefined, err: () => undefined },
      env: {},
      setStatus: () => undefined,
    });
    const [command] = program.commands;
    const known = command?.options.map(({ long }) => long) ?? [];
    const [name, ...options] = cluster.container.args;
    assert.equal(name, command?.name());
    for (const option of options) assert.ok(known.includes(option.split('=')[0]), option);
    const port = options.find((option) => option.startsWith('--metrics-port='))?.split('=')[1];
    assert.deepEqual(cluster.container.ports, [{ name: 'metrics', containerPort: Number(port) }]);
    const overlay = z
      .object({ images: z.array(z.object({ name: z.string(), newTag: z.string() })) })
      .parse(parse(readFileSync(new URL('../overlays/embedded/kustomization.yaml', components), 'utf8')));
    assert.deepEqual(kustomization('controller').images, overlay.images);
  });

  it('asks the service where the base has it, with a token that the base knows', () => {
    const base = new Cluster(baseObjects());
    const { name } = base.only('Service').metadata;
    const port = base.only('Service').spec.ports[0]?.port ?? 0;
    const { args } = cluster.container;
    assert.ok(args.includes(`--service=http://${name}:${port}`));
    const tokens = cluster.pod.volumes.find((volume) => volume.name === 'tokens')?.secret?.secretName;
    assert.equal(tokens, base.pod.volumes.find((volume) => volume.name === 'tokens')?.secret?.secretName);
  });

  it('may do what the controller does, and no more', () => {
    const roles = rolesOf('controller');
    const own = roles.filter(({ metadata }) => metadata.name === 'ml-verdict-controller');
    assert.deepEqual(allowed(own.flatMap(({ rules }) => rules)), [
      'create events.',
      'create leases.coordination.k8s.io',
      'get leases.coordination.k8s.io',
      `get ${modelRolloutKind.plural}.${modelRolloutKind.group}`,
      `list ${modelRolloutKind.plural}.${modelRolloutKind.group}`,
      'update leases.coordination.k8s.io',
      `update ${modelRolloutKind.plural}/status.${modelRolloutKind.group}`,
      `watch ${modelRolloutKind.plural}.${modelRolloutKind.group}`,
    ]);
    const names = own.flatMap(({ rules }) => rules.flatMap(({ resourceNames = [] }) => resourceNames));
    assert.deepEqual(names, [leaseName]);
  });

  it('has its Lease by another name with the patches of the documentation', () => {
    const block = documentAt('docs/command-line.md').blocks.find(({ text }) =>
      text.includes('--lease-name='),
    );
    const { patches } = patchesSchema.parse(parse(block?.text ?? ''));
    const patched = patches.map(({ target, patch }) => {
      const [object, ...others] = objects.filter((one) => {
        const { kind, metadata } = named.parse(one);
        return kind === target.kind && metadata.name === target.name;
      });
      assert.ok(object !== undefined && others.length === 0, `${target.kind}/${target.name}`);
      const answer = applyPatch(object, patchSchema.parse(parse(patch)));
      assert.ok(answer.ok);
      assert.deepEqual(checkSchema(answer.value).errors, []);
      return answer.value;
    });
    const right = patched.find(isRight);
    const rest = objects.filter((object) => !isRight(object) && named.parse(object).kind !== 'Deployment');
    const { args } = new Cluster([...rest, ...patched.filter((object) => !isRight(object))]).container;
    assert.deepEqual(args.slice(0, cluster.container.args.length), cluster.container.args);
    const name = args.find((option) => option.startsWith('--lease-name='))?.split('=')[1];
    assert.ok(name !== undefined && name !== leaseName);
    assert.ok(args.some((option) => option.startsWith('--namespace=')));
    const before = rolesOf('controller').find(
      ({ kind, metadata }) => kind === 'Role' && metadata.name === 'ml-verdict-controller',
    );
    assert.deepEqual(
      role.parse(right).rules,
      before?.rules.map((one) => (one.resourceNames === undefined ? one : { ...one, resourceNames: [name] })),
    );
  });

  const folderOf: Readonly<Record<string, string>> = {
    kserve: 'controller-kserve',
    seldonDeployment: 'controller-seldon',
    seldonExperiment: 'controller-seldon-v2',
  };
  for (const kind of targetKinds) {
    it(`has the rights on ${kind.name} that its target names, and may watch what traffic is moved on`, () => {
      const [rules = []] = rolesOf(folderOf[kind.name] ?? '').map((found) => found.rules);
      const { plural, group } = kind.referenceOf(
        kind.schema.parse({ name: 'x', canary: 'v2', ...(kind.name === 'kserve' ? {} : { stable: 'v1' }) }),
        'ml',
      );
      const watched = { apiGroups: [group], resources: [plural], verbs: ['list', 'watch'] };
      assert.deepEqual(allowed(rules), allowed([...kind.access, watched]));
    });
  }

  it('may look at those workloads only whose version is read', async () => {
    const asked = new Set<string>();
    const api: Pick<ClusterApi, 'get'> = {
      get: ({ name }) => {
        asked.add(name);
        return Promise.resolve({ kind: 'not-found', reason: '' });
      },
    };
    await readSeldonVersion(Object.assign(new MemoryCluster(), api), 'ml', undefined);
    const apps = rolesOf('controller-seldon-v2').flatMap(({ rules }) =>
      rules.filter(({ apiGroups }) => apiGroups.includes('apps')),
    );
    assert.deepEqual(
      apps.map(({ resourceNames }) => [...(resourceNames ?? [])].sort()),
      [[...asked].sort()],
    );
  });
});
