import assert from 'node:assert/strict';
import { z } from 'zod';
import { readDocument, type Rollout } from './argo-documents.js';
import { edited, pathsOf } from './edited-document.js';
import { readManifestFile, readManifestFiles } from './manifest-files.js';
import { checkLeadingComment } from './rules/leading-comment.js';
import { checkNotifications, checkSubscriptions } from './rules/notifications.js';
import { checkSchema } from './schema-validator.js';

const folder = 'deploy/argo-rollouts/notifications';
const file = readManifestFile(`${folder}/argo-rollouts-notification-configmap.yaml`);
const [document] = file.documents;
const { metadata, data } = z
  .object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()) })
  .parse(document);
const rollouts = readManifestFiles().flatMap(({ documents }) =>
  documents.map(readDocument).filter((read): read is Rollout => read?.kind === 'Rollout'),
);
const subscribed = rollouts.filter((rollout) => Object.keys(rollout.metadata.annotations).length > 0);

const hold = 'template.ml-verdict-hold';

describe('shipped notifications', () => {
  it('fit the schema of a ConfigMap and say first what they are for', () => {
    assert.deepEqual(checkSchema(document).errors, []);
    assert.deepEqual(checkLeadingComment(file.text), []);
  });

  it("are in the ConfigMap that Argo reads, patched into it by a component for Argo's own Kustomization", () => {
    assert.equal(metadata.name, 'argo-rollouts-notification-configmap');
    assert.deepEqual(readManifestFile(`${folder}/kustomization.yaml`).documents, [
      {
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
        patches: [{ path: 'argo-rollouts-notification-configmap.yaml' }],
      },
    ]);
  });

  it('keep the rules, and tell of holds, of breaches and of rollbacks', () => {
    assert.deepEqual(checkNotifications(data), []);
    assert.deepEqual(
      Object.keys(data).filter((key) => key.startsWith('trigger.')),
      [
        'trigger.on-analysis-run-inconclusive',
        'trigger.on-analysis-run-failed',
        'trigger.on-rollout-aborted',
      ],
    );
  });

  it('quote the sentence of a measurement, which is its third entry', () => {
    for (const [key, text] of Object.entries(data).filter(([name]) => name.startsWith('template.'))) {
      assert.match(text, /range \$run := \.analysisRuns/, key);
      assert.match(text, /fromJson \(default "null" \.value\)/, key);
      assert.match(text, /\{\{ index \$value 2 \}\}/, key);
    }
  });

  it('say what a command does where an experiment holds, which Argo tells before it notes the pause', () => {
    const text = data[hold] ?? '';
    assert.match(text, /\$inExperiment := ne \(default "" \.rollout\.status\.canary\.currentExperiment\) ""/);
    assert.match(text, /\(list "InconclusiveExperiment"\) \}\}\{\{ \$inExperiment = true \}\}/);
    const [, held = '', otherwise = ''] =
      /\{\{- if \$inExperiment \}\}([\s\S]*)\{\{- else \}\}([\s\S]*)/.exec(text) ?? [];
    assert.match(held, /End the pause: kubectl argo rollouts promote/);
    assert.doesNotMatch(held, /Accept it/);
    assert.match(otherwise, /Accept it: kubectl argo rollouts promote/);
    assert.match(otherwise, /Go back: kubectl argo rollouts abort/);
  });

  it('never send anybody from an abort to a promote', () => {
    for (const [key, text] of Object.entries(data))
      assert.doesNotMatch(text, /rollouts abort[\s\S]*rollouts promote/, key);
  });

  it('are subscribed to by a shipped Rollout, by names that exist', () => {
    assert.deepEqual(
      subscribed.flatMap((rollout) => checkSubscriptions(rollout, data)),
      [],
    );
    const [rollout] = subscribed;
    const names = Object.keys(rollout?.metadata.annotations ?? {});
    assert.deepEqual(
      names.map((name) => name.split('.').at(-2)),
      ['on-analysis-run-inconclusive', 'on-analysis-run-failed', 'on-rollout-aborted'],
    );
  });
});

describe('rules of notifications', () => {
  const trigger = 'trigger.on-analysis-run-inconclusive';
  const send = '- send: [ml-verdict-hold]\n';
  const message = (text: string) => JSON.stringify({ message: text, email: { subject: 'x' } });
  for (const [what, key, value, at, expected] of [
    [
      'a trigger that nothing fires',
      'trigger.on-analysis-inconclusive',
      send,
      'data.',
      /mean "on-analysis-run-/,
    ],
    [
      'a template that does not exist',
      trigger,
      '- send: [ml-verdict-hld]\n',
      'data.',
      /mean "ml-verdict-hold"/,
    ],
    ['a trigger that sends nothing', trigger, '- send: []\n', 'data.', /1/],
    ['a field that a trigger has not', trigger, '- sent: [x]\n', 'data.', /unknown field|missing/],
    ['a key of another kind', 'templat.x', 'x', 'data.', /a trigger or a template/],
    ['a template without a message', hold, '{ email: { subject: x } }', 'data.', /missing/],
    ['a block that stays open', hold, message('{{ if .rollout.x }}'), 'data.', /is not closed/],
    ['an end too many', hold, message('{{ end }}'), 'data.', /too many/],
    ['a bracket that is missing', hold, message('{{ .rollout.metadata.name }'), 'data.', /bracket/],
    ['a variable that is not declared', hold, message('{{ $metrik.name }}'), 'data.', /no variable/],
    [
      'a field that Argo does not hand over',
      hold,
      message('{{ .analysisrun }}'),
      'data.',
      /no \.analysisrun/,
    ],
  ] as const) {
    it(`refuse ${what}`, () => {
      const errors = checkNotifications({ ...data, [key]: value });
      assert.ok(
        errors.some((error) => error.path.startsWith(`${at}${key}`) && expected.test(error.message)),
        JSON.stringify(errors),
      );
    });
  }

  it('refuse a subscription to a trigger that does not exist, and one for nobody', () => {
    const [rollout] = subscribed;
    assert.ok(rollout);
    const subscribe = (name: string, recipients: string) =>
      edited(rollout, 'metadata.annotations', {
        [`notifications.argoproj.io/subscribe.${name}.slack`]: recipients,
      });
    for (const [name, recipients, findings] of [
      ['on-rollout-aborted', 'ml-canaries', 0],
      ['on-rollout-abort', 'ml-canaries', 1],
      ['on-rollout-aborted', '', 1],
    ] as const) {
      assert.equal(pathsOf(checkSubscriptions(subscribe(name, recipients), data)).length, findings, name);
    }
  });
});
