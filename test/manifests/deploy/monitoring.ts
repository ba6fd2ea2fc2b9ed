/** The dashboard and the alerts, with the expressions in them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readManifestFile } from '../manifest-files.js';

const datasource = z.object({ type: z.literal('prometheus'), uid: z.literal('${datasource}') });

const panel = z.object({
  id: z.number(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  description: z.string().optional(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  datasource: datasource.optional(),
  repeat: z.string().optional(),
  fieldConfig: z
    .object({
      overrides: z.array(z.object({ matcher: z.object({ id: z.literal('byRegexp'), options: z.string() }) })),
    })
    .optional(),
  targets: z
    .array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string(), datasource }))
    .default([]),
});

const dashboardSchema = z.object({
  uid: z.string(),
  title: z.string(),
  templating: z.object({
    list: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['datasource', 'query']),
        query: z.union([z.string(), z.object({ query: z.string() })]),
      }),
    ),
  }),
  panels: z.array(panel),
});

const ruleSchema = z.object({
  spec: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.object({ severity: z.enum(['critical', 'warning', 'info']) }),
            annotations: z.object({ summary: z.string().min(1), description: z.string().min(1) }),
          }),
        ),
      }),
    ),
  }),
});

export const dashboardText = readFileSync(
  fileURLToPath(new URL('../../../deploy/components/dashboard/ml-verdict.json', import.meta.url)),
  'utf8',
);
export const dashboard = dashboardSchema.parse(JSON.parse(dashboardText));

const [ruleDocument] = readManifestFile('deploy/components/alerts/prometheus-rule.yaml').documents;
export const alertGroups = ruleSchema.parse(ruleDocument).spec.groups;
export const alerts = alertGroups.flatMap(({ rules }) => rules);

export interface NamedExpression {
  readonly where: string;
  readonly expr: string;
}

/** Every expression of the panels, with Grafana's own variables as they may come out. */
export const dashboardExpressions: readonly NamedExpression[] = dashboard.panels.flatMap(
  ({ title, targets }) =>
    targets.map(({ refId, expr }) => ({ where: `${title}, ${refId}`, expr: filledIn(expr) })),
);

/** The queries of the variables: the part of `label_values(SELECTION, label)` that is an expression, and the label. */
export const variableQueries = dashboard.templating.list.flatMap(({ name, query }) => {
  if (typeof query === 'string') return [];
  const [, expr = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query.query) ?? [];
  return [{ where: `variable ${name}`, expr: filledIn(expr), label }];
});

export const alertExpressions: readonly NamedExpression[] = alerts.map(({ alert, expr }) => ({
  where: alert,
  expr,
}));

function filledIn(text: string): string {
  const variables: Readonly<Record<string, string>> = {
    __rate_interval: '2m',
    job: 'ml-verdict',
    namespace: '.*',
    model: '.*',
    guardrail: 'error-rate',
  };
  return text.replaceAll(/\$(\w+)/g, (_found, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`the dashboard has no variable ${name}`);
    return value;
  });
}
