import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../src/config/index.js';
import { routes } from '../../src/server/routes/index.js';
import { readDocument } from '../manifests/argo-documents.js';
import { readManifestFiles } from '../manifests/manifest-files.js';
import { edited } from '../support/edited.js';
import { checkSchema } from '../manifests/schema-validator.js';
import { valueOf } from '../support/value-of.js';
import { documentAt, root } from './documents.js';

const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const deploymentSchema = z.object({
  spec: z.object({
    replicas: z.number(),
    strategy: z.object({ type: z.string() }),
    selector: z.object({ matchLabels: labels }),
    template: z.object({
      metadata: z.object({ labels }),
      spec: z.object({
        automountServiceAccountToken: z.boolean(),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.object({ runAsNonRoot: z.boolean(), runAsUser: z.number(), fsGroup: z.number() }),
        containers: z.tuple([
          z.object({
            args: z.array(z.string()),
            ports: z.tuple([z.object({ name: z.string(), containerPort: z.number() })]),
            securityContext: z.object({ readOnlyRootFilesystem: z.boolean() }),
            livenessProbe: probe,
            readinessProbe: probe,
            volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
          }),
        ]),
        volumes: z.array(z.object({ name: z.string() })),
      }),
    }),
  }),
});
const serviceSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({
    selector: labels,
    ports: z.tuple([z.object({ port: z.number(), targetPort: z.string() })]),
  }),
});
const configMapSchema = z.object({ data: z.object({ 'config.yaml': z.string() }) });
const networkPolicySchema = z.object({
  spec: z.object({
    podSelector: z.object({ matchLabels: labels }),
    ingress: z.tuple([z.object({ ports: z.tuple([z.object({ port: z.string() })]) })]),
  }),
});

const manifests: readonly unknown[] = documentAt('docs/guides/installing.md')
  .blocks.filter(({ language }) => language === 'yaml')
  .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as unknown));

function manifest<S extends z.ZodType>(kind: string, schema: S): z.output<S> {
  const found = manifests.find((one) => (one as { readonly kind?: unknown }).kind === kind);
  return schema.parse(found);
}

const deployment = manifest('Deployment', deploymentSchema).spec;
const pod = deployment.template.spec;
const [container] = pod.containers;
const service = manifest('Service', serviceSchema);
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

function inDockerfile(pattern: RegExp): string {
  const found = pattern.exec(dockerfile)?.[1];
  assert.ok(found, String(pattern));
  return found;
}

/** The config that a container started from the image has, with its environment. */
function configInThePod() {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-docs-'));
  try {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, manifest('ConfigMap', configMapSchema).data['config.yaml']);
    const env = Object.fromEntries(
      [...dockerfile.matchAll(/(ML_VERDICT_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
    );
    return valueOf(loadConfig({ file, env }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('docs/guides/installing.md', () => {
  it('leaves no field of the manifest unchecked', () => {
    const kinds = manifests.map((one) => (one as { readonly kind?: unknown }).kind);
    assert.deepEqual(kinds, [
      'Namespace',
      'ConfigMap',
      'PersistentVolumeClaim',
      'Deployment',
      'Service',
      'NetworkPolicy',
    ]);
    for (const one of manifests) {
      assert.deepEqual(checkSchema(one).errors, []);
      assert.equal(checkSchema(edited(one, 'mistyped', 'x')).errors[0]?.path, 'mistyped');
    }
  });

  it('never lets two pods write one ledger', () => {
    assert.equal(deployment.replicas, 1);
    assert.equal(deployment.strategy.type, 'Recreate');
  });

  it('runs as the user of the image, with nothing that it does not need', () => {
    const user = Number(inDockerfile(/^USER (\d+):/m));
    assert.deepEqual(pod.securityContext, { runAsNonRoot: true, runAsUser: user, fsGroup: user });
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.equal(pod.automountServiceAccountToken, false);
  });

  it('mounts what it names, and the volume where the image writes', () => {
    const config = configInThePod();
    const mounts = new Map(container.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
    assert.deepEqual([...mounts.keys()].sort(), pod.volumes.map(({ name }) => name).sort());
    assert.equal(mounts.get('data'), config.ledger.dataDir);
    assert.deepEqual(container.args, ['serve', '--config', `${mounts.get('config') ?? ''}/config.yaml`]);
  });

  it('is reached on the port that the service listens on', () => {
    const config = configInThePod();
    const [{ name, containerPort }] = container.ports;
    assert.equal(containerPort, config.server.port);
    assert.equal(containerPort, Number(inDockerfile(/^EXPOSE (\d+)/m)));
    assert.equal(config.server.host, '0.0.0.0');
    assert.equal(service.spec.ports[0].targetPort, name);
    assert.equal(manifest('NetworkPolicy', networkPolicySchema).spec.ingress[0].ports[0].port, name);
    assert.deepEqual(
      [container.livenessProbe.httpGet.port, container.readinessProbe.httpGet.port],
      [name, name],
    );
  });

  it('is probed on routes that there are', () => {
    const paths = routes.map(({ path }) => path);
    assert.ok(paths.includes(container.livenessProbe.httpGet.path));
    assert.ok(paths.includes(container.readinessProbe.httpGet.path));
    assert.notEqual(container.livenessProbe.httpGet.path, container.readinessProbe.httpGet.path);
  });

  it('has the same labels wherever they have to be', () => {
    const { labels: own } = deployment.template.metadata;
    for (const selector of [
      deployment.selector.matchLabels,
      service.spec.selector,
      manifest('NetworkPolicy', networkPolicySchema).spec.podSelector.matchLabels,
    ]) {
      assert.deepEqual(selector, own);
    }
  });

  it('leaves the service more time to stop than it takes', () => {
    assert.ok(pod.terminationGracePeriodSeconds * 1000 > configInThePod().server.stopGraceMs);
  });

  it('makes the Service that the shipped templates ask', () => {
    const { name, namespace } = service.metadata;
    const url = `http://${name}.${namespace}.svc.cluster.local:${service.spec.ports[0].port}`;
    const asked = readManifestFiles()
      .flatMap((file) => file.documents.map(readDocument))
      .flatMap((document) => (document?.kind === 'AnalysisTemplate' ? document.spec.args : []))
      .filter((argument) => argument.name === 'verdict-url')
      .map((argument) => argument.value);
    assert.ok(asked.length > 0);
    assert.deepEqual([...new Set(asked)], [url]);
  });
});
