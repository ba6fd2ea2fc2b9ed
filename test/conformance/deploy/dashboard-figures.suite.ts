import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { dashboardExpressions } from '../../manifests/deploy/monitoring.js';
import { testRules } from './promtool.js';

interface Sample {
  readonly labels: string;
  readonly value: number;
}

/** What a panel shows where these series are scraped every minute. */
interface Figure {
  /** Title and letter of the query. */
  readonly panel: string;
  readonly series: Readonly<Record<string, string>>;
  /** By minute. */
  readonly shown: Readonly<Record<string, readonly Sample[]>>;
}

const replica = (name: string, more = ''): string =>
  `{job="ml-verdict-controller", instance="${name}", namespace="verdicts"${more}}`;

const patches = (name: string, result: string): string =>
  `ml_verdict_rollout_patches_total${replica(name, `, target="kserve", kind="set-weight", result="${result}"`)}`;

/** The namespace of a share is that of the rollout. */
const share = (name: string): string =>
  `ml_verdict_rollout_percent{job="ml-verdict-controller", instance="${name}", namespace="ml", name="fraud-detector"}`;

/** One replica leads for ten minutes, then the other. */
const takenOver = {
  [`ml_verdict_controller_leader${replica('one')}`]: '1x10 0x50',
  [`ml_verdict_controller_leader${replica('two')}`]: '0x10 1x50',
};

const figures: readonly Figure[] = [
  {
    panel: 'Changes of targets, last hour, A',
    // The first change makes the series; the second one comes half an hour later.
    series: { [patches('one', 'done')]: '_x9 1x30 2x120' },
    shown: {
      '5m': [],
      '20m': [{ labels: '{kind="set-weight", result="done"}', value: 1 }],
      '80m': [{ labels: '{kind="set-weight", result="done"}', value: 1 }],
      '150m': [{ labels: '{kind="set-weight", result="done"}', value: 0 }],
    },
  },
  {
    panel: 'Changes of targets, last hour, A',
    series: { [patches('one', 'conflict')]: '_x9 2x50', [patches('two', 'conflict')]: '_x20 3x40' },
    shown: { '40m': [{ labels: '{kind="set-weight", result="conflict"}', value: 5 }] },
  },
  {
    panel: 'Rolled back, last hour, A',
    series: {
      [`ml_verdict_rollout_ends_total${replica('one', ', end="rolled-back", cause="verdict"')}`]: '_x9 1x90',
      [`ml_verdict_rollout_ends_total${replica('one', ', end="promoted", cause=""')}`]: '_x9 4x90',
    },
    shown: { '20m': [{ labels: '{}', value: 1 }], '90m': [{ labels: '{}', value: 0 }] },
  },
  {
    panel: 'Shares of canaries under way, A',
    // What the first one says after it has lost the Lease counts no more.
    series: { ...takenOver, [share('one')]: '25x60', [share('two')]: '_x11 50x48' },
    shown: {
      '5m': [{ labels: '{namespace="ml", name="fraud-detector"}', value: 25 }],
      '30m': [{ labels: '{namespace="ml", name="fraud-detector"}', value: 50 }],
    },
  },
  {
    panel: 'Told of the ModelRollouts, A',
    series: {
      ...takenOver,
      [`ml_verdict_controller_watching${replica('one')}`]: '1x10 0x50',
      [`ml_verdict_controller_watching${replica('two')}`]: '0x20 1x40',
    },
    shown: {
      '5m': [{ labels: '{}', value: 1 }],
      '15m': [{ labels: '{}', value: 0 }],
      '30m': [{ labels: '{}', value: 1 }],
    },
  },
  {
    panel: 'Replicas that lead, A',
    series: takenOver,
    shown: { '5m': [{ labels: '{}', value: 1 }], '30m': [{ labels: '{}', value: 1 }] },
  },
  {
    panel: 'Canaries under way, A',
    series: Object.fromEntries(
      ['waiting', 'analysing', 'paused', 'rolling-back', 'promoted', 'refused', 'in-use'].map((phase) => [
        `ml_verdict_rollouts${replica('one', `, phase="${phase}"`)}`,
        '2x60',
      ]),
    ),
    shown: { '5m': [{ labels: '{}', value: 6 }] },
  },
];

function run({ panel, series, shown }: Figure) {
  const expr = dashboardExpressions.find(({ where }) => where === panel)?.expr;
  assert.ok(expr, panel);
  return testRules(
    [],
    stringify({
      rule_files: [],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: Object.entries(shown).map(([time, samples]) => ({
            // Whole numbers, as the panels show them: Prometheus goes beyond the samples at the edges of an hour.
            expr: `round(${expr})`,
            eval_time: time,
            exp_samples: samples,
          })),
        },
      ],
    }),
  );
}

describe('what the dashboard shows of driven canaries, by promtool', function () {
  this.timeout(300_000);

  for (const figure of figures) {
    it(`${figure.panel}: ${Object.keys(figure.shown).join(', ')}`, () => {
      const { status, stdout, stderr } = run(figure);
      assert.equal(status, 0, `${stdout}\n${stderr}`);
    });
  }

  it('would be caught showing something else', () => {
    const [first] = figures;
    assert.ok(first);
    const { status } = run({ ...first, shown: { '20m': [{ labels: '{}', value: 7 }] } });
    assert.notEqual(status, 0);
  });
});
