import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { ArgoCluster } from './cluster/argo-cluster.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** But those for KServe and Seldon, which have a suite of their own. */
function shipped(folder: string): readonly string[] {
  return readdirSync(`${root}${folder}`)
    .filter((name) => name.endsWith('.yaml') && !/^(kserve|seldon)-/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

describe('the shipped files and the real API server', function () {
  this.timeout(600_000);

  let cluster: ArgoCluster;

  keepLogs(() => cluster.processes);

  before(async () => {
    cluster = await ArgoCluster.start({ routers: true });
    await cluster.createNamespace('shipped');
  });

  after(() => cluster.stop());

  for (const file of [...shipped('analysis-templates'), ...shipped('rollouts')]) {
    it(`${file} is accepted as it is, with no field that is not known`, async () => {
      const args = ['--dry-run=server', '--validate=strict', '-n', 'shipped', '-f', `${root}${file}`];
      const answer = await cluster.kubectl(['apply', ...args]);
      assert.doesNotMatch(answer, /warning/i);
      assert.match(answer, /created \(server dry run\)/);
    });
  }

  for (const file of shipped('rollouts')) {
    it(`${file} passes kubectl argo rollouts lint`, async () => {
      assert.match(await cluster.plugin(['lint', '-f', `${root}${file}`]), /No errors found|^$/i);
    });
  }

  it('notifications join those that Argo Rollouts has, as their file tells', async () => {
    const name = 'argo-rollouts-notification-configmap';
    const own = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'trigger.own': '[]' } };
    await cluster.apply([own], { namespace: 'shipped' });
    await cluster.kubectl([
      ...['patch', 'configmap', name, '-n', 'shipped', '--type=merge'],
      ...['--patch-file', `${root}deploy/argo-rollouts/notifications/${name}.yaml`],
    ]);
    const { data } = (await cluster.get('configmap', name, 'shipped')) as { data: object };
    const triggers = ['on-analysis-run-inconclusive', 'on-analysis-run-failed', 'on-rollout-aborted'];
    for (const trigger of ['own', ...triggers]) assert.ok(`trigger.${trigger}` in data, trigger);
  });

  it('a field that is not known is refused', async () => {
    const { status, stderr } = await cluster.tryKubectl(
      ['apply', '--dry-run=server', '--validate=strict', '-n', 'shipped', '-f', '-'],
      {
        input: JSON.stringify({
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'AnalysisTemplate',
          metadata: { name: 'mistyped' },
          spec: { metrics: [], argz: [] },
        }),
      },
    );
    assert.notEqual(status, 0);
    assert.match(stderr, /unknown field "spec.argz"/);
  });
});
