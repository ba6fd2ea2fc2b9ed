import assert from 'node:assert/strict';
import type { Finding } from '../../../src/cli/lint/finding.js';
import { rules } from '../../../src/cli/lint/rules/index.js';
import { withEdits, type Edit, type Edited } from './support/broken.js';
import { lintTexts, type Settings } from './support/lint-text.js';
import { ruleCases } from './support/rule-cases.js';

function findingsOf(rule: string, name: Edited, edits: readonly Edit[], settings: Settings = {}) {
  return lintTexts(withEdits(name, edits), settings).filter((finding) => finding.rule === rule);
}

function brief({ severity, path, message }: Finding): string {
  return `${severity} ${path}: ${message}`;
}

describe('rules of lint', () => {
  it('find nothing in sound manifests but which Secret is needed', () => {
    const found = lintTexts(withEdits('gate', []));
    assert.deepEqual(
      found.map(({ rule, severity }) => [rule, severity]),
      [['secret-reminder', 'note']],
    );
  });

  for (const { rule, of, edits, path, says, severity, settings } of ruleCases) {
    const changes = edits
      .map(([place, value]) => `${place} = ${value === undefined ? 'nothing' : JSON.stringify(value)}`)
      .join(', ');
    it(`${rule}: ${of} with ${changes === '' ? 'other settings' : changes}`, () => {
      const found = findingsOf(rule, of, edits, settings);
      const match = found.find((finding) => finding.path === path && says.test(finding.message));
      assert.ok(match, found.map(brief).join('\n'));
      assert.equal(match.severity, severity ?? 'error', match.message);
      assert.ok(match.line > 0 && match.fix !== '' && match.object.includes('/'));
    });
  }

  it('each have a case, a name of their own and words', () => {
    const names = rules.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(
      names.filter((name) => !ruleCases.some(({ rule }) => rule === name)),
      [],
    );
    for (const { name, what } of rules) assert.match(`${name}: ${what}`, /^[a-z-]+: \w.{20,}[^.]$/);
  });

  describe('leave alone', () => {
    const first = 'spec.metrics[0]';
    const spared: (readonly [string, Edited, readonly Edit[], Settings?])[] = [
      ['the verdict read as an entry', 'gate', [[`${first}.successCondition`, "(result[1] == 'promote')"]]],
      [
        'the code of a whole answer',
        'gate',
        [
          [`${first}.provider.web.jsonPath`, '{$.code}'],
          [`${first}.successCondition`, 'result == 1'],
          [`${first}.failureCondition`, 'result == -1 || result < -0.5'],
        ],
      ],
      [
        'a verdict in a list',
        'gate',
        [[`${first}.failureCondition`, 'not (result[1] in ["promote", "hold"]) && len(result) == 3']],
      ],
      [
        'a count that is an argument with a default',
        'gate',
        [
          ['spec.args[10]', { name: 'count', value: '60' }],
          [`${first}.count`, '{{args.count}}'],
        ],
      ],
      ['limits in quotes', 'gate', [[`${first}.count`, '60']]],
      [
        'a metric that asks somebody else',
        'gate',
        [
          [
            'spec.metrics[2]',
            { name: 'success-rate', provider: { web: { url: 'http://shop/health', jsonPath: '$.x' } } },
          ],
        ],
      ],
      ['a release that has everything', 'gate', [], { argoVersion: [1, 9, 1] }],
      [
        'a weight with a percent sign',
        'rollout',
        [['spec.strategy.canary.steps[1].analysis.args[4].value', '5%']],
      ],
      [
        'few pods behind a traffic router',
        'rollout',
        [
          ['spec.replicas', 1],
          ['spec.strategy.canary.trafficRouting', { nginx: { stableIngress: 'x' } }],
        ],
      ],
      [
        'steps that are long enough',
        'gate',
        [],
        { traffic: { requestsPerMinute: 600_000, outcomesPerRequest: 0 } },
      ],
      [
        'a setting that an argument leaves empty',
        'rollout',
        [['spec.strategy.canary.steps[1].analysis.args[5]', { name: 'error-rate-promote-below', value: '' }]],
      ],
    ];
    const canary = 'spec.strategy.canary';
    const step = `${canary}.steps[1].analysis`;
    spared.push(
      [
        'a limit that an argument gives with a run, and one that the Rollout gives well',
        'several',
        [
          ['gate:spec.args[10]', { name: 'holds' }],
          [`gate:${first}.inconclusiveLimit`, '{{ args.holds }}'],
          ['gate:spec.args[11]', { name: 'errors' }],
          [`gate:${first}.consecutiveErrorLimit`, '{{ args.errors }}'],
          [`rollout:${step}.args[5]`, { name: 'holds', value: '58' }],
          [
            `rollout:${step}.args[6]`,
            { name: 'errors', valueFrom: { fieldRef: { fieldPath: 'metadata.labels.errors' } } },
          ],
        ],
      ],
      [
        'a verdict of somebody else',
        'gate',
        [
          [
            'spec.metrics[2]',
            {
              name: 'risk',
              successCondition: 'result.decision == "go"',
              provider: { web: { url: 'https://verdict-api.risk.svc/decisions', jsonPath: '{$}' } },
            },
          ],
        ],
      ],
      [
        'a weight of a router that counts to 1000',
        'rollout',
        [
          [`${canary}.trafficRouting`, { maxTrafficWeight: 1000, nginx: { stableIngress: 'x' } }],
          [`${canary}.steps[0].setWeight`, 50],
          [`${canary}.steps[3].setWeight`, 500],
        ],
      ],
      ['a pattern with flags of Go', 'gate', [['spec.dryRun[0].metricName', '(?i)^ERROR-rate$']]],
      ['an entry counted from the end', 'gate', [[`${first}.successCondition`, 'result[-2] == "promote"']]],
      [
        'a background run of another provider',
        'background',
        [['spec.metrics[0].provider', { prometheus: { address: 'http://prometheus', query: 'up' } }]],
      ],
    );
    it('the measurement written without $', () => {
      const path = `${first}.provider.web.jsonPath`;
      assert.deepEqual(findingsOf('json-path', 'gate', [[path, '{.measurement}']]), []);
    });
    for (const [what, of, edits, settings] of spared) {
      it(what, () => {
        const found = lintTexts(withEdits(of, edits), settings).filter(
          ({ severity, rule }) => severity !== 'note' && rule !== 'json-path',
        );
        assert.deepEqual(found.map(brief), []);
      });
    }
  });
});
