import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { verdicts } from '../../src/domain/verdict.js';
import { readDocument, type ArgoDocument } from './argo-documents.js';
import { edited } from './edited-document.js';
import { parseManifests, readManifestFile, readManifestFiles } from './manifest-files.js';
import { checkSchema } from './schema-validator.js';
import { checkSemantics } from './semantic-rules.js';

const guide = readFileSync(new URL('../../docs/guides/argo-rollouts.md', import.meta.url), 'utf8');
const fragments = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = '']) => parseManifests(text)[0],
);
const [rollout] = readManifestFile('rollouts/canary-gated.yaml').documents;
const known = readManifestFiles().flatMap((file) => file.documents.map(read));

const measurementSchema = z.tuple([z.number().nullable(), z.enum(verdicts), z.string().max(199)]);

/** Where the guide's fragments belong in a Rollout. */
const places = {
  env: 'spec.template.spec.containers[0].env',
  steps: 'spec.strategy.canary.steps',
  analysis: 'spec.strategy.canary.analysis',
  annotations: 'metadata.annotations',
} as const;

function read(document: unknown): ArgoDocument {
  const found = readDocument(document);
  assert.ok(found);
  return found;
}

describe('guide to Argo Rollouts', () => {
  it('shows the fragments that are tried below', () => {
    const keys = fragments.flatMap((fragment) => Object.keys(fragment as object));
    assert.deepEqual(keys.sort(), Object.keys(places).sort());
  });

  for (const [key, path] of Object.entries(places)) {
    it(`shows "${key}" that fits into a Rollout`, () => {
      const fragment = fragments.find((candidate) => Object.hasOwn(candidate as object, key));
      const document = edited(rollout, path, (fragment as Readonly<Record<string, unknown>>)[key]);
      assert.deepEqual(checkSchema(document).errors, []);
      assert.deepEqual(checkSemantics(read(document), known), []);
    });
  }

  it('shows a measurement of the form that the service gives', () => {
    const line = /```text\nerror-rate +(.+)\n```/.exec(guide)?.[1] ?? '';
    assert.ok(measurementSchema.safeParse(JSON.parse(line)).success, line);
  });

  it('names every shipped file', () => {
    const unnamed = readManifestFiles()
      .map(({ path }) => path)
      .filter((path) => !guide.includes(path.startsWith('rollouts/') ? path : path.replace(/^.*\//, '')));
    assert.deepEqual(unnamed, []);
  });

  it('explains the limits and arguments that the templates have', () => {
    for (const document of known) {
      if (document.kind !== 'AnalysisTemplate') continue;
      for (const metric of document.spec.metrics) {
        for (const field of [
          'interval',
          'count',
          'consecutiveSuccessLimit',
          'failureLimit',
          'inconclusiveLimit',
          'consecutiveErrorLimit',
        ] as const) {
          if (metric[field] !== undefined)
            assert.match(guide, new RegExp(`\\| \`${field}\` +\\| ${String(metric[field])} `));
        }
        assert.match(
          guide,
          new RegExp(`\\| \`timeoutSeconds\` +\\| ${String(metric.provider.web?.timeoutSeconds)} `),
        );
      }
      for (const { value } of document.spec.args) {
        if (value !== undefined && value !== '') assert.ok(guide.includes(`\`${value}\``), value);
      }
    }
  });
});
