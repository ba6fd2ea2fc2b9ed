import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  alertGroups,
  alerts,
  dashboardExpressions,
  dashboardText,
  variableQueries,
} from '../../manifests/deploy/monitoring.js';
import { buildKustomization } from './kustomize.js';
import { checkRules, testRules } from './promtool.js';

const testsText = readFileSync(new URL('alerts.yaml', import.meta.url), 'utf8');
const testsSchema = z.object({
  tests: z.array(
    z.object({
      name: z.string(),
      alert_rule_test: z.array(
        z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).default([]) }),
      ),
    }),
  ),
});
const cases = testsSchema.parse(parse(testsText)).tests.flatMap(({ alert_rule_test: all }) => all);

describe('alerts and dashboard, by promtool', function () {
  this.timeout(300_000);

  it('the alerts are rules', () => {
    const { status, stdout, stderr } = checkRules(alertGroups);
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`${alerts.length} rules found`));
  });

  for (const { where, expr } of [...dashboardExpressions, ...variableQueries]) {
    it(`the dashboard asks PromQL: ${where}`, () => {
      const rules = [{ record: 'dashboard:expression', expr }];
      const { status, stderr } = checkRules([{ name: 'dashboard', rules }]);
      assert.equal(status, 0, stderr);
    });
  }

  it('the alerts fire when they should, and else not', () => {
    const { status, stdout, stderr } = testRules(alertGroups, testsText);
    assert.equal(status, 0, `${stdout}\n${stderr}`);
  });

  for (const { alert } of alerts) {
    it(`${alert} is tested both ways`, () => {
      const own = cases.filter(({ alertname }) => alertname === alert);
      assert.ok(own.some(({ exp_alerts: expected }) => expected.length > 0));
      assert.ok(own.some(({ exp_alerts: expected }) => expected.length === 0));
    });
  }

  it('are found wrong when they are', () => {
    const rules = [{ alert: 'Wrong', expr: 'sum by (rate(x[5m])' }];
    assert.notEqual(checkRules([{ name: 'wrong', rules }]).status, 0);
    const never = alertGroups.map(({ name, rules: all }) => ({
      name,
      rules: all.map((rule) => ({ ...rule, expr: 'vector(0) > 1' })),
    }));
    assert.notEqual(testRules(never, testsText).status, 0);
  });

  it('the dashboard arrives in its ConfigMap as it is, under the label of the sidecar', () => {
    const objects = buildKustomization({
      resources: ['deploy/overlays/embedded'],
      components: ['deploy/components/dashboard'],
    });
    const found = objects
      .map((object) =>
        z
          .object({
            metadata: z.object({ labels: z.object({ grafana_dashboard: z.literal('1') }) }),
            data: z.record(z.string(), z.string()),
          })
          .safeParse(object),
      )
      .filter(({ success }) => success);
    assert.deepEqual(
      found.map(({ data }) => data?.data),
      [{ 'ml-verdict.json': dashboardText }],
    );
  });
});
