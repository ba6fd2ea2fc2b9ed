import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import colours from 'picocolors';
import { z } from 'zod';
import { rolloutLines } from '../../src/cli/rollout/view/rollout-lines.js';
import { initialState, type RolloutState } from '../../src/progressive/index.js';
import { customResourceDefinition, parseModelRollout } from '../../src/progressive/resource/index.js';
import { targetText } from '../../src/progressive/resource/target-text.js';
import { readDrivenFiles } from '../manifests/manifest-files.js';
import { valueOf } from '../support/value-of.js';
import { parse } from 'yaml';
import { documentAt, root, type MarkdownDocument } from './documents.js';
import { kserveExample, knativeStatus } from './driving/kserve-example.js';
import { PatchJourney } from './driving/patch-journey.js';
import { seldonDeploymentExample, seldonExperimentExample } from './driving/seldon-examples.js';
import { readShell } from './shell-commands.js';

const kserve = documentAt('docs/guides/kserve.md');
const seldon = documentAt('docs/guides/seldon.md');

/** The patch that a page shows under a heading. */
function patchUnder(page: MarkdownDocument, heading: string): unknown {
  const block = page.blocks.find((one) => one.heading === heading && one.language === 'json');
  assert.ok(block, heading);
  return JSON.parse(block.text);
}

/** The bodies of a page's `kubectl patch` of one type, each with the resource it is for. */
function patchesByHand(page: MarkdownDocument, type: string) {
  return page.blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => readShellLines(text))
    .filter((words) => words.includes('patch') && words.includes(`--type=${type}`))
    .map((words) => ({
      kind: words[words.indexOf('patch') + 1],
      body: JSON.parse(words[words.indexOf('-p') + 1] ?? '') as unknown,
    }));
}

function readShellLines(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('kubectl -n ml patch '))
    .flatMap((line) => readShell(line).map(({ words }) => words));
}

/** A JSON merge patch (RFC 7386), as `kubectl patch --type=merge` sends it. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = merged(result[key], value);
  }
  return result;
}

describe('docs/guides/kserve.md', () => {
  it('shows the very patches that are sent, from the first share to promotion', async () => {
    const journey = new PatchJourney(kserveExample);
    const first = await journey.setWeight(null, 10, true);
    assert.deepEqual(patchUnder(kserve, 'The first share, with the carried model'), first);
    journey.cluster.setStatus(journey.reference, knativeStatus(10));
    assert.deepEqual(patchUnder(kserve, 'The next share'), await journey.setWeight(10, 25));
    journey.cluster.setStatus(journey.reference, knativeStatus(25));
    assert.deepEqual(patchUnder(kserve, 'Promotion'), await journey.promote(25));
  });

  it('shows the rollback, and the short form by hand comes to the same', async () => {
    const journey = new PatchJourney(kserveExample);
    await journey.setWeight(null, 10, true);
    const service = journey.cluster.setStatus(journey.reference, knativeStatus(10));
    assert.deepEqual(patchUnder(kserve, 'Rollback'), await journey.rollBack());
    const byHand = patchesByHand(kserve, 'merge').at(-1)?.body;
    assert.deepEqual(merged(service, byHand), {
      ...service,
      spec: journey.cluster.read(journey.reference)?.spec,
    });
  });

  it('puts the old model back by hand in the safe order', () => {
    const steps = patchesByHand(kserve, 'merge').filter(({ kind }) => kind === 'inferenceservice');
    const [restore, remove] = steps.map(({ body }) => body);
    const percentOf = (patch: unknown) =>
      z.object({ spec: z.object({ predictor: z.looseObject({}) }) }).parse(patch).spec.predictor[
        'canaryTrafficPercent'
      ];
    assert.equal(percentOf(restore), 0, 'the share stays at zero while the old model is put back');
    assert.equal(percentOf(remove), null);
    const { spec } = kserveExample.resource;
    assert.ok(isDeepStrictEqual(merged(merged({ spec }, restore), remove), { spec }));
  });

  it('shows a rollout as it is shown', () => {
    const [shown] = kserve.blocks.filter(
      ({ heading, language }) => heading === '5. Look at it' && language === 'text',
    );
    const rollout = valueOf(
      parseModelRollout(parse(blockOf(kserve, '3. The first rollout', 'yaml')), { namespace: 'ml' }),
    );
    const atMs = (time: string) => Date.parse(`2026-01-05T${time}Z`);
    const [stable, canary] = ['fraud-detector-predictor-00001', 'fraud-detector-predictor-00002'];
    const state: RolloutState = {
      ...initialState(atMs('10:00:00')),
      phase: { kind: 'analysing', sinceMs: atMs('10:22:00'), patienceFromMs: atMs('10:22:00') },
      canary,
      stable,
      percent: 25,
      lastVerdict: {
        ...verdictParts,
        verdict: 'hold',
        toMs: atMs('10:29:00'),
        sentence: 'error-rate: errors 0.3 % < 0.5 %, evidence 2:1 of 5:1 needed',
      },
      history: [
        {
          atMs: atMs('10:00:00'),
          kind: 'started',
          text: `${canary} gets 10 % of the traffic beside ${stable}.`,
        },
        { atMs: atMs('10:17:00'), kind: 'stage-reached', text: `${canary} gets 25 % of the traffic.` },
      ],
    };
    const { name, namespace, spec, model } = rollout;
    const target = targetText(rollout);
    const lines = rolloutLines(
      { name, namespace, target, model: model.model, spec, state },
      atMs('10:29:00'),
      colours.createColors(false),
    );
    assert.equal(shown?.text, `${lines.join('\n')}\n`);
  });

  it('tells the times as they are by default', () => {
    const { spec } = valueOf(parseModelRollout(parse(blockOf(kserve, '3. The first rollout', 'yaml'))));
    const [stage] = spec.stages;
    const minutes = (seconds = 0): string => `${seconds / 60} min`;
    for (const [name, value] of [
      ['readyLimit', minutes(spec.readyLimitSeconds)],
      ['confirmLimit', minutes(spec.confirmLimitSeconds)],
      ['stabilisation', minutes(stage?.stabilisationSeconds)],
      ['minimumAnalysis', minutes(stage?.minimumAnalysisSeconds)],
      ['undecidedLimit', minutes(spec.undecidedLimitSeconds)],
    ] as const) {
      assert.ok(kserve.text.includes(`\`${name}\` (${value})`), `${name} ${value}`);
    }
    assert.deepEqual(
      spec.stages.slice(0, -1).map(({ confidence, proxyIfUndecided }) => [confidence, proxyIfUndecided]),
      [
        [0.8, 'pass'],
        [0.8, 'pass'],
        [0.95, 'hold'],
      ],
    );
  });

  it('gives a command that the resource takes', () => {
    const [command] = patchesByHand(kserve, 'merge').filter(({ kind }) => kind === 'modelrollout');
    const rollout: unknown = parse(blockOf(kserve, '3. The first rollout', 'yaml'));
    const { spec } = valueOf(parseModelRollout(merged(rollout, command?.body)));
    assert.deepEqual(spec.commands, [{ id: '2026-01-05-a', kind: 'abort', full: false, by: 'a person' }]);
  });

  it('names the resource as its definition does', () => {
    const { metadata } = customResourceDefinition() as { readonly metadata: { readonly name: string } };
    assert.ok(kserve.text.includes(`kubectl get crd ${metadata.name}`));
  });
});

/** Which operations, in their order, without their values; places in lists by the order in which they come up. */
const operations = z.array(z.object({ op: z.string(), path: z.string() })).transform((list) => {
  const places: string[] = [];
  return list.map(({ op, path }) => ({
    op,
    path: path.replace(/\d+/, (place) => {
      if (!places.includes(place)) places.push(place);
      return String(places.indexOf(place));
    }),
  }));
});

const golden = JSON.parse(
  readFileSync(join(root, 'test/progressive/targets/golden-patches.json'), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

describe('the guides to driving', () => {
  for (const page of [kserve, seldon]) {
    it(`${page.path} adds components that are there`, () => {
      const named = [...page.text.matchAll(/\.\.\/ml-verdict\/(deploy\/components\/[\w-]+)/g)];
      assert.ok(named.length >= 2);
      for (const [, folder = ''] of named) assert.ok(existsSync(join(root, folder)), folder);
    });
  }

  // The golden file has other names and values in it; what is tested and written, and where, is the same.
  for (const [page, platform, behind] of [
    [kserve, 'kserve-knative', ''],
    [seldon, 'seldon-deployment-istio', ''],
    [seldon, 'seldon-experiment', ' of an Experiment'],
  ] as const) {
    it(`${page.path} has the patches of the golden file, ${platform}`, () => {
      const known = golden[platform];
      assert.ok(known);
      for (const [heading, name] of [
        ...(page === kserve
          ? [['The first share, with the carried model', 'the new model with its first 5 %'] as const]
          : []),
        [`The next share${behind}`, 'from 10 % to 25 %'],
        [`Promotion${behind}`, 'promote from 50 %'],
        [`Rollback${behind}`, 'roll back'],
      ] as const) {
        const wire = z.object({ body: operations, contentType: z.literal('application/json-patch+json') });
        const { body } = wire.parse(known[name]);
        assert.deepEqual(operations.parse(patchUnder(page, heading)), body, heading);
      }
    });
  }

  it('quote what the program says', () => {
    const folder = join(root, 'src/progressive');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    const quoted = [kserve, seldon]
      .flatMap(({ rows }) => rows)
      .filter(({ heading }) => heading === 'What you see, why, and what to do')
      .flatMap(({ cells: [seen = ''] }) => [...seen.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text))
      .filter((text) => text.includes(' '));
    assert.ok(quoted.length >= 4);
    for (const part of quoted.flatMap((text) => text.split('…'))) assert.ok(sources.includes(part), part);
  });

  it('mount the files of alerts where the controller has them', () => {
    const deployment = readFileSync(join(root, 'deploy/components/controller/deployment.yaml'), 'utf8');
    const alerts = documentAt('docs/guides/alerts.md').text;
    const [folder] = /\/etc\/ml-verdict\/secrets/.exec(alerts) ?? [];
    assert.ok(folder !== undefined && deployment.includes(`mountPath: ${folder}\n`));
    const [, secret] = /create secret generic (\S+)/.exec(alerts) ?? [];
    assert.ok(deployment.includes(`secretName: ${secret ?? ''}\n`));
  });
});

const verdictParts: RolloutState['lastVerdict'] & object = {
  verdict: 'hold',
  sentence: '',
  id: 'v',
  key: '',
  attempt: 1,
  canary: 'fraud-detector-predictor-00002',
  stable: 'fraud-detector-predictor-00001',
  toMs: 0,
  guarantee: 'stated',
  isBlind: false,
};

function blockOf(page: MarkdownDocument, heading: string, language: string): string {
  const block = page.blocks.find((one) => one.heading === heading && one.language === language);
  assert.ok(block, `${heading}: ${language}`);
  return block.text;
}

describe('docs/guides/seldon.md', () => {
  for (const [what, example, behind] of [
    ['a SeldonDeployment', seldonDeploymentExample, ''],
    ['an Experiment', seldonExperimentExample, ' of an Experiment'],
  ] as const) {
    it(`shows the very patches that are sent to ${what}`, async () => {
      const journey = new PatchJourney(example);
      assert.deepEqual(patchUnder(seldon, `The next share${behind}`), await journey.setWeight(10, 25));
      assert.deepEqual(patchUnder(seldon, `Promotion${behind}`), await journey.promote(25));
      assert.deepEqual(patchUnder(seldon, `Rollback${behind}`), await new PatchJourney(example).rollBack());
    });
  }

  it('takes a predictor out by hand so that the other one has everything', async () => {
    const journey = new PatchJourney(seldonDeploymentExample);
    await journey.rollBack();
    const [byHand] = patchesByHand(seldon, 'json');
    assert.equal(byHand?.kind, 'seldondeployment');
    const operations = byHand.body as Parameters<typeof journey.cluster.patch>[1];
    const answer = await journey.cluster.patch(journey.reference, operations);
    assert.equal(answer.kind, 'ok');
    assert.deepEqual(journey.cluster.read(journey.reference)?.spec, {
      predictors: [
        {
          name: 'main',
          traffic: 100,
          graph: { name: 'classifier', modelUri: 's3://models/fraud-detector/v1' },
        },
      ],
    });
  });

  it('shows the targets of the shipped files', () => {
    const shipped = readDrivenFiles()
      .filter(({ path }) => path.includes('seldon'))
      .map(({ documents }) =>
        documents.map((document) => parseModelRollout(document)).find((parsed) => parsed.ok),
      )
      .map((parsed) => (parsed?.ok === true ? parsed.value.target : undefined));
    const shown = seldon.blocks
      .filter(({ language }) => language === 'yaml')
      .map(({ text }) => valueOf(parseModelRollout(parse(text))).target);
    assert.deepEqual(
      shown.map(({ kind }) => kind.name),
      shipped.map((target) => target?.kind.name),
    );
  });
});
