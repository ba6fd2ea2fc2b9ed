import assert from 'node:assert/strict';
import type { Registry } from 'prom-client';
import { reasonCodes, verdicts } from '../../../src/domain/verdict.js';
import { droppedMetric, offeredMetrics } from '../../../src/telemetry/ingested/offered-metrics.js';
import { createControllerMetrics } from '../../../src/telemetry/controller-metrics.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { routes } from '../../../src/server/routes/index.js';
import {
  alertExpressions,
  alerts,
  dashboard,
  dashboardExpressions,
  variableQueries,
  type NamedExpression,
} from './monitoring.js';
import { readExpression } from './promql.js';

/** What Prometheus and its operator put onto every series. */
const targetLabels = ['job', 'instance', 'namespace', 'pod', 'service', 'container', 'endpoint'];

/** What is ingested, by name. */
const ofModels = offeredMetrics(() => []);

interface Known {
  readonly labels: readonly string[];
  readonly help: string;
}

/** Every series that a registry can show, by its name there: a histogram has three. */
async function seriesOf(registry: Registry): Promise<readonly (readonly [string, Known])[]> {
  const all = await registry.getMetricsAsJSON();
  return all.flatMap(({ name, help, type }): readonly (readonly [string, Known])[] => {
    const metric = registry.getSingleMetric(name) as unknown as { readonly labelNames?: readonly string[] };
    const labels = metric.labelNames ?? [];
    if (String(type) !== 'histogram') return [[name, { labels, help }]];
    return [
      [`${name}_bucket`, { labels: [...labels, 'le'], help }],
      ...['sum', 'count'].map((part) => [`${name}_${part}`, { labels, help }] as const),
    ];
  });
}

/** Every series that the service can have. */
async function seriesOfService(): Promise<ReadonlyMap<string, Known>> {
  const { registry } = createMetrics({ processMetrics: true });
  for (const metric of [...ofModels.values(), droppedMetric()]) registry.registerMetric(metric);
  const found = new Map(await seriesOf(registry));
  registry.clear();
  return found;
}

/** Every series that the controller can have, those of its process not. */
async function seriesOfController(): Promise<ReadonlyMap<string, Known>> {
  return new Map(await seriesOf(createControllerMetrics({ processMetrics: false }).registry));
}

/** Every series that there can be. */
async function knownSeries(): Promise<ReadonlyMap<string, Known>> {
  return new Map<string, Known>([
    ['up', { labels: [], help: '' }],
    ...(await seriesOfService()),
    ...(await seriesOfController()),
  ]);
}

/** The metric that a series is of: a histogram has three series. */
const metricOf = (series: string): string => series.replace(/_(bucket|sum|count)$/, '');

/** Of these expressions, the metrics that they name. */
const metricsIn = (expressions: readonly NamedExpression[]): readonly string[] =>
  expressions.flatMap(({ expr }) => readExpression(expr).selections.map(({ metric }) => metricOf(metric)));

/** What an expression names that /metrics does not have. */
function strangers(known: ReadonlyMap<string, Known>, { expr }: NamedExpression): readonly string[] {
  const { selections, grouping } = readExpression(expr);
  const labels = selections.flatMap(({ metric }) => known.get(metric)?.labels ?? []);
  return [
    ...selections.filter(({ metric }) => !known.has(metric)).map(({ metric }) => metric),
    ...selections.flatMap(({ metric, matchers }) =>
      [...matchers.keys()]
        .filter((label) => ![...(known.get(metric)?.labels ?? []), ...targetLabels].includes(label))
        .map((label) => `${metric}{${label}}`),
    ),
    ...grouping
      .filter((label) => ![...labels, ...targetLabels].includes(label))
      .map((label) => `by (${label})`),
  ];
}

/** Values of the metrics' own labels that no one gives them: codes of closed lists, or words of the metric's help. */
function strangeValues(known: ReadonlyMap<string, Known>, { expr }: NamedExpression): readonly string[] {
  const closed = [...Object.keys(reasonCodes), ...verdicts, ...routes.map(({ path }) => path), 'combined'];
  return readExpression(expr).selections.flatMap(({ metric, matchers }) =>
    [...matchers]
      .filter(([label]) => !targetLabels.includes(label) && !['model', 'guardrail'].includes(label))
      .flatMap(([label, values]) => values.map((value) => ({ label, value })))
      .filter(({ value }) => {
        const words = known.get(metric)?.help.split(/[^\w-]+/) ?? [];
        return !closed.includes(value) && !words.includes(value);
      })
      .map(({ label, value }) => `${metric}{${label}="${value}"}`),
  );
}

/** What labels of the metrics in an expression can be: verdicts, or words of their help. */
function valuesOf(known: ReadonlyMap<string, Known>, expr: string): readonly string[] {
  const helps = readExpression(expr).selections.map(({ metric }) => known.get(metric)?.help ?? '');
  return [...verdicts, ...helps.flatMap((help) => help.split(/[^\w-]+/))];
}

/** Of `^(a|b)$` both: `^a$` and `^b$`. */
function alternatives(source: string): readonly string[] {
  const [all = '', inner] = /\(([^)]*)\)/.exec(source) ?? [];
  return inner === undefined ? [source] : inner.split('|').map((one) => source.replace(all, one));
}

describe('dashboard and alerts', () => {
  let known: ReadonlyMap<string, Known> = new Map();
  before(async () => {
    known = await knownSeries();
  });

  for (const expression of [...dashboardExpressions, ...variableQueries, ...alertExpressions]) {
    it(`name what /metrics has: ${expression.where}`, () => {
      assert.deepEqual(strangers(known, expression), []);
      assert.deepEqual(strangeValues(known, expression), []);
    });
  }

  it('would be caught naming something else', () => {
    const wrong = { where: '', expr: 'sum by (modle) (rate(ml_verdict_verdict_total{verdicts="hold"}[5m]))' };
    assert.deepEqual(strangers(known, wrong), [
      'ml_verdict_verdict_total',
      'ml_verdict_verdict_total{verdicts}',
      'by (modle)',
    ]);
    const value = { where: '', expr: 'ml_verdict_verdicts_total{verdict="rolback"}' };
    assert.deepEqual(strangeValues(known, value), ['ml_verdict_verdicts_total{verdict="rolback"}']);
  });

  it('show or watch every metric of the service', async () => {
    // These are counted in others, or are there to be joined with.
    const elsewhere = [
      'ml_verdict_verdict_evaluation_seconds',
      'ml_verdict_config_last_reload_success_timestamp_seconds',
    ];
    const named = metricsIn([...dashboardExpressions, ...alertExpressions]);
    const own = [...(await seriesOfService()).keys()]
      .filter((name) => name.startsWith('ml_verdict_'))
      .map(metricOf)
      // These tell of models, not of the service.
      .filter((name) => !ofModels.has(name));
    assert.deepEqual(
      [...new Set(own)].filter((name) => !named.includes(name) && !elsewhere.includes(name)),
      [],
    );
  });

  it('show every metric of the controller, and no other beside them', async () => {
    const row = dashboard.panels.findIndex(({ title }) => title === 'Driven canaries');
    const next = dashboard.panels.findIndex(({ type }, index) => index > row && type === 'row');
    assert.ok(row >= 0 && next > row);
    const titles = dashboard.panels.slice(row, next).map(({ title }) => title);
    const shown = metricsIn(
      dashboardExpressions.filter(({ where }) => titles.some((title) => where.startsWith(`${title}, `))),
    );
    const own = [...(await seriesOfController()).keys()]
      .map(metricOf)
      // The service has that too: the row on top shows both.
      .filter((name) => name !== 'ml_verdict_build_info');
    assert.deepEqual([...new Set(shown)].sort(), [...new Set(own)].sort());
  });

  it('choose the job of the service for the service alone: the controller is another one', async () => {
    const ofController = [...(await seriesOfController()).keys()].filter(
      (name) => name !== 'ml_verdict_build_info',
    );
    for (const { where, expr } of dashboardExpressions) {
      for (const { metric, matchers } of readExpression(expr).selections) {
        assert.equal(matchers.has('job'), !ofController.includes(metric), `${where}: ${metric}`);
      }
    }
  });

  it('are not misled by the scrape, which keeps labels of a series that it would add itself', () => {
    const kept = [...known].filter(([, { labels }]) => labels.some((label) => targetLabels.includes(label)));
    assert.ok(kept.length > 0);
    for (const [name, { labels }] of kept) {
      assert.match(name, /^ml_verdict_(ingested_\w+|rollout_percent)$/);
      assert.deepEqual(
        labels.filter((label) => targetLabels.includes(label)),
        ['namespace'],
        name,
      );
    }
  });

  it('ask only labels of their metric for the choices of a variable', () => {
    for (const { where, expr, label } of variableQueries) {
      const [selection] = readExpression(expr).selections;
      const labels = [...(known.get(selection?.metric ?? '')?.labels ?? []), ...targetLabels];
      assert.ok(labels.includes(label), where);
    }
  });
});

describe('dashboard', () => {
  const shown = dashboard.panels.filter(({ type }) => type !== 'row');

  it('explains every panel and asks the chosen data source', () => {
    for (const { title, description, datasource, targets } of shown) {
      assert.ok(description, title);
      assert.ok(datasource, title);
      assert.ok(targets.length > 0, title);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
    }
  });

  it('has panels that lie beside each other', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );
    assert.equal(new Set(cells).size, cells.length);
    assert.ok(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24));
  });

  it('colours series that a panel has, by expressions that Grafana takes for such', async () => {
    const known = await knownSeries();
    // Without the slashes Grafana looks for names that are the expression from end to end.
    for (const { title, fieldConfig, targets } of shown) {
      for (const { matcher } of fieldConfig?.overrides ?? []) {
        const [, source] = /^\/(.+)\/$/.exec(matcher.options) ?? [];
        assert.ok(source, `${title}: ${matcher.options}`);
        const names = targets.flatMap(({ expr, legendFormat }) =>
          valuesOf(known, expr).map((value) => legendFormat.replaceAll(/{{\w+}}/g, value)),
        );
        for (const one of alternatives(source)) {
          assert.ok(
            names.some((name) => new RegExp(one).test(name)),
            `${title}: ${one}`,
          );
        }
      }
    }
  });

  it('repeats panels for variables that it has', () => {
    const variables = dashboard.templating.list.map(({ name }) => name);
    for (const { repeat, title } of dashboard.panels) {
      if (repeat !== undefined) assert.ok(variables.includes(repeat), title);
    }
  });
});

describe('alerts', () => {
  it('have names of their own', () => {
    const names = alerts.map(({ alert }) => alert);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.every((name) => /^MlVerdict[A-Z]\w+$/.test(name)));
  });

  it('wait before they wake a person, and say the rest at once', () => {
    for (const { alert, labels, for: wait } of alerts) {
      assert.equal(wait === undefined, labels.severity === 'info', alert);
    }
  });
});
