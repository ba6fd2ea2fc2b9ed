import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { readManifestFile } from '../manifest-files.js';

const folder = 'deploy/base';

const kustomizationSchema = z.object({
  namespace: z.string(),
  labels: z.tuple([z.object({ pairs: z.record(z.string(), z.string()), includeTemplates: z.literal(true) })]),
  resources: z.array(z.string()),
  configMapGenerator: z.array(z.object({ name: z.string(), files: z.array(z.string()) })),
});

const objectSchema = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });

/**
 * What deploy/base is built to, without kustomize: its resources in the namespace and with the labels that it names,
 * and its ConfigMap. `npm run test:deploy` shows that the real one makes the same of it.
 */
export function baseObjects(): readonly unknown[] {
  const text = (name: string): string =>
    readFileSync(new URL(`../../../${folder}/${name}`, import.meta.url), 'utf8');
  const kustomization = kustomizationSchema.parse(parse(text('kustomization.yaml')));
  const [{ pairs }] = kustomization.labels;
  const configMaps = kustomization.configMapGenerator.map(({ name, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: Object.fromEntries(files.map((file) => [file, text(file)])),
  }));
  const resources = kustomization.resources.flatMap(
    (name) => readManifestFile(`${folder}/${name}`).documents,
  );
  return [...resources, ...configMaps].map((document) => {
    const object = objectSchema.parse(document);
    const namespace = object.kind === 'Namespace' ? {} : { namespace: kustomization.namespace };
    const placed = {
      ...object,
      metadata: { ...object.metadata, ...namespace, labels: labelled(object.metadata, pairs) },
    };
    return object.kind === 'Deployment' ? withTemplateLabels(placed, pairs) : placed;
  });
}

type Labels = Readonly<Record<string, string>>;

function labelled(metadata: unknown, pairs: Labels): Labels {
  const { labels } = z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }).parse(metadata);
  return { ...labels, ...pairs };
}

function withTemplateLabels(deployment: Readonly<Record<string, unknown>>, pairs: Labels): unknown {
  const spec = z
    .looseObject({ template: z.looseObject({ metadata: z.looseObject({}) }) })
    .parse(deployment['spec']);
  const metadata = { ...spec.template.metadata, labels: labelled(spec.template.metadata, pairs) };
  return { ...deployment, spec: { ...spec, template: { ...spec.template, metadata } } };
}
