import assert from 'node:assert/strict';
import type { AnalysisTemplate } from '../argo-documents.js';
import { runArguments, stepArguments } from './run-arguments.js';

const facts = { latestHash: 'new', stableHash: 'old', fields: { 'metadata.namespace': 'ml' } };

const template: AnalysisTemplate = {
  kind: 'AnalysisTemplate',
  metadata: { name: 't' },
  spec: {
    args: [{ name: 'canary-hash' }, { name: 'step', value: '' }, { name: 'confidence', value: '0.95' }],
    metrics: [],
    dryRun: [],
    measurementRetention: [],
  },
};

describe('run arguments', () => {
  it('come from hashes, fields and plain values of the Rollout', () => {
    const args = stepArguments(
      [
        { name: 'a', valueFrom: { podTemplateHashValue: 'Latest' } },
        { name: 'b', valueFrom: { podTemplateHashValue: 'Stable' } },
        { name: 'c', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
        { name: 'd', value: '' },
      ],
      facts,
    );
    assert.deepEqual(
      [...args],
      [
        ['a', 'new'],
        ['b', 'old'],
        ['c', 'ml'],
        ['d', ''],
      ],
    );
  });

  it('of an experiment come from its templates by their names, and from no other ones', () => {
    const facts = {
      latestHash: 'a',
      stableHash: 'b',
      fields: {},
      experimentHashes: { canary: 'c', baseline: 'd' },
    };
    const args = (value: string) => stepArguments([{ name: 'hash', value }], facts);
    assert.equal(args('{{templates.canary.podTemplateHash}}').get('hash'), 'c');
    assert.equal(args('{{ templates.baseline.podTemplateHash }}').get('hash'), 'd');
    assert.equal(args('50').get('hash'), '50');
    assert.throws(
      () => args('{{templates.stable.podTemplateHash}}'),
      /failed to resolve \{\{templates\.stable/,
    );
    assert.throws(() => args('{{experiment.availableAt}}'), /failed to resolve/);
  });

  it('cannot come from a field that the Rollout does not have', () => {
    const lost = { name: 'a', valueFrom: { fieldRef: { fieldPath: 'status.none' } } };
    assert.throws(() => stepArguments([lost], facts), /argument a has no value/);
  });

  it('go over the defaults of the template, which drops what it does not declare', () => {
    const given = new Map([
      ['canary-hash', 'new'],
      ['confidence', '0.8'],
      ['more', 'x'],
    ]);
    assert.deepEqual(
      [...runArguments(template, given)],
      [
        ['canary-hash', 'new'],
        ['step', ''],
        ['confidence', '0.8'],
      ],
    );
  });

  it('come from a Secret where the template says so, and are missing where there is none', () => {
    const token = { name: 'token', valueFrom: { secretKeyRef: { name: 'ml-verdict-token', key: 'token' } } };
    const asking = { ...template, spec: { ...template.spec, args: [token] } };
    assert.deepEqual(
      [...runArguments(asking, new Map(), new Map([['ml-verdict-token/token', 'sesame']]))],
      [['token', 'sesame']],
    );
    assert.throws(() => runArguments(asking, new Map()), /args.token was not resolved/);
  });

  it('may not miss what the template has no default for', () => {
    assert.throws(() => runArguments(template, new Map()), /args.canary-hash was not resolved/);
  });
});
