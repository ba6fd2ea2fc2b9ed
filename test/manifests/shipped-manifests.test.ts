import assert from 'node:assert/strict';
import { defaultPolicy, overridePolicy } from '../../src/judge/index.js';
import {
  readDocument,
  type AnalysisTemplate,
  type ArgoDocument,
  type Argument,
  type Rollout,
} from './argo-documents.js';
import { resolveMetric } from './argo/web-metric.js';
import { readManifestFiles, type ManifestFile } from './manifest-files.js';
import { analysesOf } from './rules/analysis-references.js';
import { checkLeadingComment } from './rules/leading-comment.js';
import { roleOf } from './rules/template-roles.js';
import { checkSchema } from './schema-validator.js';
import { checkSemantics } from './semantic-rules.js';

const files = readManifestFiles();
const templates = files.flatMap(readAll).filter(isTemplate);
const signals = ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy'];

function readAll(file: ManifestFile) {
  return file.documents.map((document) => {
    const read = readDocument(document);
    assert.ok(read, `${file.path} holds a kind that the rules do not know`);
    return read;
  });
}

function isTemplate(document: ArgoDocument): document is AnalysisTemplate {
  return document.kind === 'AnalysisTemplate' || document.kind === 'ClusterAnalysisTemplate';
}

function only<T>(list: readonly T[]): T {
  const [first] = list;
  assert.ok(first !== undefined);
  assert.equal(list.length, 1);
  return first;
}

function template(kind: AnalysisTemplate['kind'], name: string): AnalysisTemplate {
  return only(templates.filter((document) => document.kind === kind && document.metadata.name === name));
}

function rollout(path: string): Rollout {
  const file = only(files.filter((candidate) => candidate.path === path));
  return only(readAll(file).filter((document): document is Rollout => document.kind === 'Rollout'));
}

describe('shipped manifests', () => {
  it('are the ones that the guide names', () => {
    assert.deepEqual(
      files.map((file) => file.path),
      [
        'analysis-templates/cluster-ml-model-background.yaml',
        'analysis-templates/cluster-ml-model-metrics.yaml',
        'analysis-templates/cluster-ml-model-threshold.yaml',
        'analysis-templates/cluster-ml-model-verdict.yaml',
        'analysis-templates/ml-model-background.yaml',
        'analysis-templates/ml-model-metrics.yaml',
        'analysis-templates/ml-model-threshold.yaml',
        'analysis-templates/ml-model-verdict.yaml',
        'rollouts/canary-baseline.yaml',
        'rollouts/canary-cluster-templates.yaml',
        'rollouts/canary-gated.yaml',
        'rollouts/canary-gateway-api.yaml',
        'rollouts/canary-istio.yaml',
        'rollouts/canary-nginx.yaml',
        'rollouts/canary-with-analysis.yaml',
      ],
    );
  });

  for (const file of files) {
    describe(file.path, () => {
      it('fits the schemas of its kinds, with no unknown field', () => {
        assert.deepEqual(
          file.documents.flatMap((document) => checkSchema(document).errors),
          [],
        );
      });

      it('keeps the semantic rules', () => {
        const own = readAll(file);
        assert.deepEqual(
          own.flatMap((document) => checkSemantics(document, [...own, ...templates])),
          [],
        );
      });

      it('says first what it demonstrates and what it needs', () => {
        assert.deepEqual(checkLeadingComment(file.text), []);
      });
    });
  }

  it('leave free keys only where Kubernetes does', () => {
    const open = files
      .flatMap((file) => file.documents)
      .flatMap((document) => checkSchema(document).openObjects)
      .map(({ path, kind }) => `${kind} ${path.replaceAll(/\[\d+\]/g, '[]')}`);
    assert.deepEqual(
      [...new Set(open)].sort(),
      [
        'free-form spec.metrics[].provider.web.jsonBody',
        'free-form spec.strategy.canary.trafficRouting.plugins',
        'map metadata.annotations',
        'map spec.strategy.canary.steps[].experiment.templates[].metadata.labels',
        'map spec.selector',
        'map spec.selector.matchLabels',
        'map spec.template.metadata.labels',
        'map spec.template.spec.containers[].resources.limits',
        'map spec.template.spec.containers[].resources.requests',
      ].sort(),
    );
  });
});

describe('shipped templates', () => {
  for (const name of ['ml-model-background', 'ml-model-metrics', 'ml-model-threshold', 'ml-model-verdict']) {
    it(`${name} is the same for a namespace and for a cluster`, () => {
      assert.deepEqual(
        template('ClusterAnalysisTemplate', name).spec,
        template('AnalysisTemplate', name).spec,
      );
    });
  }

  it('take the same arguments, so that a Rollout can change from one to the other', () => {
    const [metrics, verdict] = ['ml-model-metrics', 'ml-model-verdict'].map((name) =>
      template('AnalysisTemplate', name),
    );
    assert.deepEqual(metrics?.spec.args, verdict?.spec.args);
  });

  // What a background run takes of them, it takes once; and it promotes nothing.
  for (const [name, without] of [
    ['ml-model-background', ['weight', 'step', 'confidence', 'business-proxy-if-undecided']],
    ['ml-model-threshold', ['confidence']],
  ] as const) {
    it(`${name} takes the same arguments as the others but ${without.join(', ')}`, () => {
      const { args } = template('AnalysisTemplate', 'ml-model-metrics').spec;
      assert.deepEqual(
        template('AnalysisTemplate', name).spec.args,
        args.filter((arg) => !without.some((missing) => missing === arg.name)),
      );
    });
  }

  it('ask in threshold mode in the template that says so, and nowhere else', () => {
    for (const { metadata, spec } of templates) {
      for (const metric of spec.metrics) {
        const expected = metadata.name === 'ml-model-threshold' ? 'threshold' : undefined;
        assert.equal(metric.provider.web?.jsonBody?.['mode'], expected);
      }
    }
  });

  it('name each metric after its signal, and the gate after the service', () => {
    const names = (name: string) =>
      template('AnalysisTemplate', name).spec.metrics.map((metric) => metric.name);
    for (const name of ['ml-model-metrics', 'ml-model-background', 'ml-model-threshold'])
      assert.deepEqual(names(name), signals);
    assert.deepEqual(names('ml-model-verdict'), ['ml-verdict', ...signals]);
  });

  it('decide by the gate alone where there is one', () => {
    const { dryRun, metrics } = template('AnalysisTemplate', 'ml-model-verdict').spec;
    const decides = metrics.filter(
      (metric) => !dryRun.some((entry) => new RegExp(entry.metricName).test(metric.name)),
    );
    assert.deepEqual(
      decides.map((metric) => metric.name),
      ['ml-verdict'],
    );
  });

  // A promote that waits for all guardrails depends on the figures of all of them.
  it('ask every metric with the same policy, and each signal to promote only with all others', () => {
    for (const document of templates.filter(({ kind }) => kind === 'AnalysisTemplate')) {
      const { spec } = document;
      // A watch promotes nothing, with the others or without.
      const together = roleOf(document) === 'gate' ? 'all' : undefined;
      const policies = spec.metrics.map((metric) => {
        const { guardrail, promoteWith, ...policy } = metric.provider.web?.jsonBody ?? {};
        assert.equal(guardrail, metric.name === 'ml-verdict' ? undefined : metric.name);
        assert.equal(promoteWith, metric.name === 'ml-verdict' ? undefined : together);
        return policy;
      });
      for (const policy of policies) assert.deepEqual(policy, policies[0]);
    }
  });
});

describe('arguments of the shipped templates', () => {
  const { args, metrics } = template('AnalysisTemplate', 'ml-model-verdict').spec;

  /** The default policy as a run changes it whose Rollout gives nothing, or `given`, for the optional arguments. */
  function policyWith(given?: string) {
    const values = args.map(
      ({ name, value }) => [name, value === undefined ? 'x' : (given ?? value)] as const,
    );
    const body = resolveMetric(only(metrics.slice(0, 1)), new Map(values)).provider.web?.jsonBody ?? {};
    const { confidence, guardrails } = body;
    return overridePolicy(defaultPolicy(), { confidence, guardrails: guardrails as Record<string, unknown> });
  }

  it('default to the decision table', () => {
    assert.deepEqual(policyWith(), { ok: true, value: defaultPolicy() });
  });

  it('leave the policy as it is where they are empty', () => {
    assert.deepEqual(policyWith(''), { ok: true, value: defaultPolicy() });
  });
});

describe('shipped Rollouts', () => {
  it('canary-with-analysis goes 5 %, 25 %, 50 % with its pauses, then asks the four metrics', () => {
    const steps = rollout('rollouts/canary-with-analysis.yaml').spec.strategy.canary.steps;
    assert.deepEqual(
      steps.map(({ analysis, ...step }) => (analysis === undefined ? step : analysis.templates)),
      [
        { setWeight: 5 },
        { pause: { duration: '5m' } },
        { setWeight: 25 },
        { pause: { duration: '10m' } },
        { setWeight: 50 },
        { pause: { duration: '10m' } },
        [{ templateName: 'ml-model-metrics', clusterScope: false }],
      ],
    );
  });

  it('canary-gated asks after every weight, with less evidence on the early steps', () => {
    const steps = rollout('rollouts/canary-gated.yaml').spec.strategy.canary.steps;
    const gates = steps.map(({ setWeight, analysis }) =>
      analysis === undefined
        ? setWeight
        : [value(analysis.args, 'weight'), value(analysis.args, 'confidence'), undecided(analysis.args)],
    );
    assert.deepEqual(gates, [5, ['5', '0.8', 'pass'], 25, ['25', '0.8', 'pass'], 50, ['50', '0.95', 'hold']]);
  });

  it('canary-cluster-templates names every template in the scope of the cluster', () => {
    const uses = analysesOf(rollout('rollouts/canary-cluster-templates.yaml'));
    const references = uses.flatMap((use) => [...use.references.values()]);
    assert.equal(references.length, 2);
    for (const { clusterScope } of references) assert.ok(clusterScope);
  });

  it('canary-baseline compares the two arms of an experiment before it replaces a pod', () => {
    const [first] = rollout('rollouts/canary-baseline.yaml').spec.strategy.canary.steps;
    assert.deepEqual(
      first?.experiment?.templates.map(({ name, specRef }) => [name, specRef]),
      [
        ['baseline', 'stable'],
        ['canary', 'canary'],
      ],
    );
    const [analysis] = first.experiment.analyses;
    assert.equal(value(analysis?.args ?? [], 'canary-hash'), '{{templates.canary.podTemplateHash}}');
    assert.equal(value(analysis?.args ?? [], 'stable-hash'), '{{templates.baseline.podTemplateHash}}');
  });

  for (const { path } of files.filter((file) => file.path.startsWith('rollouts/'))) {
    it(`${path} tells each gate the weight before it, and the watch none`, () => {
      const { analysis, steps } = rollout(path).spec.strategy.canary;
      assert.equal(value(analysis?.args ?? [], 'weight'), undefined);
      let weight: string | undefined;
      for (const step of steps) {
        if (step.setWeight !== undefined) weight = String(step.setWeight);
        if (step.analysis !== undefined) assert.equal(value(step.analysis.args, 'weight'), weight);
      }
    });

    it(`${path} names the versions as its pods name themselves`, () => {
      const { spec } = rollout(path);
      const pod = JSON.stringify(spec.template);
      assert.ok(pod.includes("metadata.labels['rollouts-pod-template-hash']"));
      for (const { args, experiment } of analysesOf(rollout(path))) {
        const source = (name: string) => args.find((arg) => arg.name === name)?.valueFrom;
        assert.deepEqual(source('namespace'), { fieldRef: { fieldPath: 'metadata.namespace' } });
        if (experiment !== undefined) continue;
        assert.deepEqual(source('canary-hash'), { podTemplateHashValue: 'Latest' });
        assert.deepEqual(source('stable-hash'), { podTemplateHashValue: 'Stable' });
      }
    });
  }

  function value(args: readonly Argument[], name: string): string | undefined {
    return args.find((arg) => arg.name === name)?.value;
  }

  function undecided(args: readonly Argument[]): string | undefined {
    return value(args, 'business-proxy-if-undecided');
  }
});
