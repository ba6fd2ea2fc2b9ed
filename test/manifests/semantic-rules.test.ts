import assert from 'node:assert/strict';
import { readDocument, type ArgoDocument } from './argo-documents.js';
import { edited, pathsOf } from './edited-document.js';
import { goDurationSeconds } from './go-duration.js';
import { readManifestFile } from './manifest-files.js';
import { checkLeadingComment } from './rules/leading-comment.js';
import { checkSemantics } from './semantic-rules.js';

const known = [
  'analysis-templates/ml-model-background.yaml',
  'analysis-templates/ml-model-metrics.yaml',
  'analysis-templates/ml-model-verdict.yaml',
  'rollouts/canary-gated.yaml',
].flatMap((path) => readManifestFile(path).documents.map(read));

const metrics = find('AnalysisTemplate', 'ml-model-metrics');
const gate = find('AnalysisTemplate', 'ml-model-verdict');
const background = find('AnalysisTemplate', 'ml-model-background');
const rollout = find('Rollout', 'fraud-detector');

function read(document: unknown): ArgoDocument {
  const found = readDocument(document);
  assert.ok(found);
  return found;
}

function find(kind: string, name: string): ArgoDocument {
  const found = known.find((document) => document.kind === kind && document.metadata.name === name);
  assert.ok(found);
  return found;
}

/** One change to a good document, and where the one finding has to be. */
type Case = readonly [what: string, path: string, value: unknown, at: string, message: RegExp];

function check(
  document: ArgoDocument,
  cases: readonly Case[],
  others: readonly ArgoDocument[] = known,
): void {
  for (const [what, path, value, at, message] of cases) {
    it(`refuses ${what}`, () => {
      const errors = checkSemantics(read(edited(document, path, value)), others);
      assert.ok(
        errors.some((error) => error.path === at && message.test(error.message)),
        JSON.stringify(errors),
      );
    });
  }
}

describe('semantic rules', () => {
  it('find nothing in the documents that the cases below break', () => {
    assert.deepEqual(
      known.flatMap((document) => checkSemantics(document, known)),
      [],
    );
  });

  describe('of limits', () => {
    const at = 'spec.metrics[0]';
    check(metrics, [
      [
        'an inconclusiveLimit equal to count',
        `${at}.inconclusiveLimit`,
        60,
        `${at}.inconclusiveLimit`,
        /less than count/,
      ],
      [
        'an inconclusiveLimit above count',
        `${at}.inconclusiveLimit`,
        61,
        `${at}.inconclusiveLimit`,
        /less than count/,
      ],
      ['a failureLimit equal to count', `${at}.failureLimit`, 60, `${at}.failureLimit`, /never exceeded/],
      ['a failureLimit below -1', `${at}.failureLimit`, -2, `${at}.failureLimit`, /0 or more, or -1/],
      ['a negative inconclusiveLimit', `${at}.inconclusiveLimit`, -1, `${at}.inconclusiveLimit`, /0 or more/],
      [
        'a negative consecutiveErrorLimit',
        `${at}.consecutiveErrorLimit`,
        -1,
        `${at}.consecutiveErrorLimit`,
        /0 or more/,
      ],
      [
        'a negative consecutiveSuccessLimit',
        `${at}.consecutiveSuccessLimit`,
        -1,
        `${at}.consecutiveSuccessLimit`,
        /0 or/,
      ],
      [
        'a count below its limits',
        `${at}.consecutiveSuccessLimit`,
        61,
        `${at}.count`,
        /at least failureLimit \+/,
      ],
      [
        'no consecutiveSuccessLimit',
        `${at}.consecutiveSuccessLimit`,
        undefined,
        `${at}.consecutiveSuccessLimit`,
        /reaches/,
      ],
      [
        'the default error limit',
        `${at}.consecutiveErrorLimit`,
        undefined,
        `${at}.consecutiveErrorLimit`,
        /more than 4/,
      ],
      ['a count without an interval', `${at}.interval`, undefined, `${at}.interval`, /count above 1/],
      ['an interval without a count', `${at}.count`, undefined, `${at}.count`, /never ends/],
      ['a count that is no number', `${at}.count`, 'sixty', `${at}.count`, /whole number/],
      ['an interval without a unit', `${at}.interval`, '60', `${at}.interval`, /duration/],
      ['no successCondition', `${at}.successCondition`, undefined, `${at}.successCondition`, /missing/],
      ['no failureCondition', `${at}.failureCondition`, undefined, `${at}.failureCondition`, /missing/],
      ['two metrics of one name', `${at}.name`, 'latency-p99', 'spec.metrics[1].name', /two metrics/],
      ['no metric at all', 'spec.metrics', [], 'spec.metrics', /at least one/],
    ]);

    it('refuse both limits disabled', () => {
      const disabled = edited(edited(metrics, `${at}.failureLimit`, -1), `${at}.consecutiveSuccessLimit`, 0);
      assert.ok(pathsOf(checkSemantics(disabled, known)).includes(`${at}.failureLimit`));
    });

    it('take text that is a whole number', () => {
      assert.deepEqual(checkSemantics(edited(metrics, `${at}.count`, '60'), known), []);
    });
  });

  describe('of a watch in the background', () => {
    const at = 'spec.metrics[0]';
    check(background, [
      ['a count', `${at}.count`, 60, `${at}.count`, /goes unwatched/],
      ['a success limit', `${at}.consecutiveSuccessLimit`, 1, `${at}.consecutiveSuccessLimit`, /goes unw/],
      [
        'a successCondition',
        `${at}.successCondition`,
        'result[1] == "promote"',
        `${at}.successCondition`,
        /a hold is Inconclusive and pauses/,
      ],
      ['no failureCondition', `${at}.failureCondition`, undefined, `${at}.failureCondition`, /missing/],
      ['no interval', `${at}.interval`, undefined, `${at}.interval`, /measured once/],
      ['tolerated rollbacks', `${at}.failureLimit`, 1, `${at}.failureLimit`, /expected 0/],
      [
        'the default error limit',
        `${at}.consecutiveErrorLimit`,
        undefined,
        `${at}.consecutiveErrorLimit`,
        /more than 4/,
      ],
    ]);

    const run = 'spec.strategy.canary.analysis';
    check(rollout, [
      ['a Rollout without one', run, undefined, run, /nobody watches/],
      ['one without templates', `${run}.templates`, [], run, /nobody watches/],
      ['one that begins later', `${run}.startingStep`, 1, `${run}.startingStep`, /expected 0/],
      [
        'a gate in its place',
        `${run}.templates[0].templateName`,
        'ml-model-verdict',
        `${run}.templates[0].templateName`,
        /is a gate/,
      ],
      [
        'a weight that would be old',
        `${run}.args[4]`,
        { name: 'weight', value: '5' },
        `${run}.args[4]`,
        /taken once/,
      ],
      [
        'a status that would be old',
        `${run}.args[1]`,
        { name: 'model-name', valueFrom: { fieldRef: { fieldPath: 'status.currentStepIndex' } } },
        `${run}.args[1]`,
        /taken once/,
      ],
      [
        'one as an analysis step',
        'spec.strategy.canary.steps[1].analysis.templates[0].templateName',
        'ml-model-background',
        'spec.strategy.canary.steps[1].analysis.templates[0].templateName',
        /never end/,
      ],
      ['swapped versions', `${run}.args[2].name`, 'stable-hash', `${run}.args[2]`, /expected .* Stable/],
    ]);
  });

  describe('of experiments', () => {
    const [document, ...rest] = readManifestFile('rollouts/canary-baseline.yaml').documents.map(read);
    assert.ok(document);
    const step = 'spec.strategy.canary.steps[0].experiment';
    const analysis = `${step}.analyses[0]`;
    check(
      document,
      [
        [
          'an unknown version',
          `${step}.templates[0].specRef`,
          'stabel',
          `${step}.templates[0].specRef`,
          /"stable"/,
        ],
        [
          'one version twice',
          `${step}.templates[0].specRef`,
          'canary',
          `${step}.templates`,
          /specRef: stable/,
        ],
        [
          'two templates of one name',
          `${step}.templates[1].name`,
          'baseline',
          `${step}.templates[1].name`,
          /two/,
        ],
        [
          'a weight without a router',
          `${step}.templates[0].weight`,
          5,
          `${step}.templates[0].weight`,
          /needs a router/,
        ],
        [
          'no label to tell the hashes apart',
          `${step}.templates[0].metadata`,
          undefined,
          `${step}.templates[0].metadata.labels`,
          /makes the hash differ/,
        ],
        [
          'the same labels twice',
          `${step}.templates[1].metadata.labels.experiment`,
          'baseline',
          `${step}.templates[1].metadata.labels`,
          /the same labels/,
        ],
        ['no analysis', `${step}.analyses`, [], `${step}.analyses`, /proves nothing/],
        ['no end', `${analysis}.requiredForCompletion`, false, `${step}.analyses`, /never end/],
        [
          'an unknown template',
          `${analysis}.templateName`,
          'ml-model-metric',
          `${analysis}.templateName`,
          /mean "ml-model-metrics"/,
        ],
        [
          'a watch as its analysis',
          `${analysis}.templateName`,
          'ml-model-background',
          `${analysis}.templateName`,
          /never end/,
        ],
        [
          'a template that it does not have',
          `${analysis}.args[2].value`,
          '{{templates.canry.podTemplateHash}}',
          `${analysis}.args[2]`,
          /mean "templates.canary.podTemplateHash"/,
        ],
        [
          'swapped versions',
          `${analysis}.args[2].value`,
          '{{templates.baseline.podTemplateHash}}',
          `${analysis}.args[2]`,
          /expected '\{\{templates.canary/,
        ],
        [
          'a hash of the Rollout',
          `${analysis}.args[3]`,
          { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } },
          `${analysis}.args[3]`,
          /expected '\{\{templates.baseline/,
        ],
        [
          'a missing argument',
          `${analysis}.args[0].name`,
          'step',
          `${analysis}.args`,
          /"namespace" is missing/,
        ],
        [
          "an experiment's hash outside of it",
          'spec.strategy.canary.steps[2].analysis.args[1].value',
          '{{templates.canary.podTemplateHash}}',
          'spec.strategy.canary.steps[2].analysis.args[1]',
          /only in an experiment/,
        ],
        [
          'a pause where a held experiment has to stop',
          'spec.strategy.canary.steps[2]',
          { pause: { duration: '10m' } },
          'spec.strategy.canary.steps[0].experiment',
          /right behind the next weight/,
        ],
        [
          'more weight before a held experiment stops',
          'spec.strategy.canary.steps[2]',
          { setWeight: 10 },
          'spec.strategy.canary.steps[0].experiment',
          /right behind the next weight/,
        ],
      ],
      [document, ...rest, ...known],
    );
  });

  describe('of traffic routers', () => {
    const at = 'spec.strategy.canary.trafficRouting';

    function fileOf(name: string) {
      const [document, ...others] = readManifestFile(`rollouts/canary-${name}.yaml`).documents.map(read);
      assert.ok(document?.kind === 'Rollout');
      const templates = known.filter(({ kind }) => kind === 'AnalysisTemplate');
      return { document, others: [document, ...others, ...templates] };
    }

    /** One change to a router's object or a Service, and where the finding has to be. */
    function checkObject(
      name: string,
      cases: readonly (readonly [string, string, string, unknown, RegExp])[],
    ) {
      const { document, others } = fileOf(name);
      for (const [what, target, path, value, message] of cases) {
        it(`refuses ${what} (${name})`, () => {
          const [kind, object] = target.split('/');
          const changed = others.map((other) =>
            other.kind === kind && other.metadata.name === object ? read(edited(other, path, value)) : other,
          );
          assert.notDeepEqual(changed, others);
          const errors = checkSemantics(document, changed);
          assert.ok(
            errors.some((error) => error.path.startsWith(at) && message.test(error.message)),
            JSON.stringify(errors),
          );
        });
      }
    }

    for (const name of ['istio', 'nginx', 'gateway-api']) {
      const { document, others } = fileOf(name);
      check(
        document,
        [
          ['two routers', `${at}.smi`, {}, at, /one router, got .* and smi/],
          ['no router', at, {}, at, /got none/],
          [
            'no canaryService',
            'spec.strategy.canary.canaryService',
            undefined,
            'spec.strategy.canary.canaryService',
            /missing/,
          ],
          [
            'no stableService',
            'spec.strategy.canary.stableService',
            undefined,
            'spec.strategy.canary.stableService',
            /missing/,
          ],
        ],
        others,
      );
    }

    check(
      fileOf('istio').document,
      [
        [
          'an unknown VirtualService',
          `${at}.istio.virtualService.name`,
          'fraud',
          `${at}.istio.virtualService.name`,
          /no Virt/,
        ],
        [
          'an unknown route',
          `${at}.istio.virtualService.routes[0]`,
          'primry',
          `${at}.istio.virtualService.routes[0]`,
          /mean "primary"/,
        ],
        [
          'no VirtualService',
          `${at}.istio.virtualService`,
          undefined,
          `${at}.istio.virtualService`,
          /missing/,
        ],
      ],
      fileOf('istio').others,
    );
    checkObject('istio', [
      [
        'a route to others',
        'VirtualService/fraud-detector',
        'spec.http[0].route[1].destination.host',
        'fraud',
        /does not name "fraud-detector-canary"/,
      ],
      [
        'a route that sends traffic at once',
        'VirtualService/fraud-detector',
        'spec.http[0].route[1].weight',
        50,
        /expected 0/,
      ],
      [
        'a host without a Service',
        'Service/fraud-detector',
        'metadata.name',
        'other',
        /no Service "fraud-detector"/,
      ],
    ]);

    check(
      fileOf('nginx').document,
      [
        [
          'an unknown Ingress',
          `${at}.nginx.stableIngress`,
          'fraud',
          `${at}.nginx.stableIngress`,
          /no Ingress/,
        ],
        ['no Ingress', `${at}.nginx.stableIngress`, undefined, `${at}.nginx.stableIngress`, /missing/],
      ],
      fileOf('nginx').others,
    );
    const backend = 'spec.rules[0].http.paths[0].backend.service';
    checkObject('nginx', [
      [
        'an Ingress of another Service',
        'Ingress/fraud-detector',
        `${backend}.name`,
        'fraud-detector-canary',
        /has no rule for/,
      ],
      [
        'an Ingress of another port',
        'Ingress/fraud-detector',
        `${backend}.port`,
        { name: 'grpc' },
        /has no port grpc/,
      ],
    ]);

    const plugins = `${at}.plugins`;
    check(
      fileOf('gateway-api').document,
      [
        [
          'an unknown plugin',
          plugins,
          { 'argoproj-labs/gatewayApi': { httpRoute: 'x' } },
          plugins,
          /no "argoproj-labs\/gatewayAPI"/,
        ],
        [
          'an unknown HTTPRoute',
          plugins,
          { 'argoproj-labs/gatewayAPI': { httpRoute: 'fraud-detectr' } },
          `${plugins}.argoproj-labs/gatewayAPI.httpRoute`,
          /mean "fraud-detector"/,
        ],
        [
          'no HTTPRoute',
          plugins,
          { 'argoproj-labs/gatewayAPI': {} },
          `${plugins}.argoproj-labs/gatewayAPI.httpRoute`,
          /missing/,
        ],
      ],
      fileOf('gateway-api').others,
    );
    checkObject('gateway-api', [
      [
        'a third backend',
        'HTTPRoute/fraud-detector',
        'spec.rules[0].backendRefs[2]',
        { name: 'x', port: 80, weight: 0 },
        /sends traffic to "x"/,
      ],
      [
        'a backend of another port',
        'HTTPRoute/fraud-detector',
        'spec.rules[0].backendRefs[0].port',
        81,
        /has no port 81/,
      ],
      [
        'stable traffic given away',
        'HTTPRoute/fraud-detector',
        'spec.rules[0].backendRefs[0].weight',
        90,
        /expected 100/,
      ],
    ]);
  });

  describe('of the web provider', () => {
    const at = 'spec.metrics[0].provider';
    check(metrics, [
      ['a body beside a jsonBody', `${at}.web.body`, 'x', `${at}.web.body`, /either body or jsonBody/],
      ['a body with GET', `${at}.web.method`, 'GET', `${at}.web.method`, /POST or PUT/],
      ['a body without a method', `${at}.web.method`, undefined, `${at}.web.method`, /POST or PUT/],
      ['an unknown method', `${at}.web.method`, 'POTS', `${at}.web.method`, /did you mean "POST"/],
      ['a jsonPath without braces', `${at}.web.jsonPath`, '$.measurement', `${at}.web.jsonPath`, /braces/],
      ['a timeout of 0', `${at}.web.timeoutSeconds`, 0, `${at}.web.timeoutSeconds`, /1 or more/],
      ['a second provider', `${at}.prometheus`, {}, at, /exactly one provider/],
      ['no provider', `${at}.web`, undefined, at, /exactly one provider/],
    ]);
  });

  describe('of credentials', () => {
    const at = 'spec.metrics[0].provider.web';
    check(metrics, [
      ['a metric without a token', `${at}.headers`, undefined, `${at}.headers`, /expected an Authorization/],
      ['another header in its place', `${at}.headers[0].key`, 'X-Token', `${at}.headers`, /expected an Auth/],
      ['two tokens', `${at}.headers[1]`, { key: 'authorization', value: 'x' }, `${at}.headers`, /got more/],
      ['a token written out', `${at}.headers[0].value`, 'Bearer abc', `${at}.headers`, /expected "Bearer/],
      [
        'a token that everybody can read',
        `${at}.headers[0].value`,
        'Bearer {{ args.step }}',
        `${at}.headers`,
        /"step" does not come from a Secret/,
      ],
      ['a token in a body', `${at}.jsonBody.step`, '{{ args.token }}', at, /"token" stands outside/],
      [
        'a token in the address',
        `${at}.url`,
        '{{ args.verdict-url }}/v1/verdict?token={{args.token}}',
        at,
        /"token" stands outside/,
      ],
    ]);
  });

  describe('of arguments', () => {
    const body = 'spec.metrics[0].provider.web.jsonBody';
    check(metrics, [
      [
        'an undeclared argument',
        `${body}.model`,
        '{{args.modelname}}',
        'spec.metrics[0]',
        /did you mean "model-name"/,
      ],
      [
        'an undeclared argument deep inside',
        `${body}.guardrails.x`,
        { y: '{{ args.z }}' },
        'spec.metrics[0]',
        /not decl/,
      ],
      [
        'a placeholder that is no argument',
        `${body}.model`,
        '{{ model-name }}',
        'spec.metrics[0]',
        /not declared/,
      ],
      [
        'an argument that nothing uses',
        'spec.args[19]',
        { name: 'more', value: '' },
        'spec.args[19]',
        /used nowhere/,
      ],
      ['an argument declared twice', 'spec.args[2].name', 'model-name', 'spec.args[3]', /declared twice/],
      [
        'a fieldRef in a template',
        'spec.args[2].valueFrom',
        { fieldRef: { fieldPath: 'metadata.namespace' } },
        'spec.args[2]',
        /only in a Rollout/,
      ],
      [
        'a value beside a valueFrom',
        'spec.args[0].valueFrom',
        { secretKeyRef: { name: 'ml-verdict-token', key: 'token' } },
        'spec.args[0]',
        /both value and/,
      ],
    ]);
  });

  describe('of dry runs and retention', () => {
    check(gate, [
      [
        'a dry run of no metric',
        'spec.dryRun[0].metricName',
        '^error$',
        'spec.dryRun[0].metricName',
        /matches no/,
      ],
      [
        'a dry run named twice',
        'spec.dryRun[0].metricName',
        '^latency-p99$',
        'spec.dryRun[1].metricName',
        /twice/,
      ],
      ['a dry run of everything', 'spec.dryRun[0].metricName', '.*', 'spec.dryRun', /a metric that decides/],
      [
        'a dry run longer than the gate',
        'spec.metrics[1].count',
        61,
        'spec.metrics[1].count',
        /delays the run/,
      ],
      [
        'retention of no metric',
        'spec.measurementRetention[0].metricName',
        'none',
        'spec.measurementRetention[0].metricName',
        /matches no metric/,
      ],
      [
        'retention of nothing',
        'spec.measurementRetention[0].limit',
        0,
        'spec.measurementRetention[0].limit',
        /above 0/,
      ],
    ]);
  });

  describe('of steps', () => {
    const at = 'spec.strategy.canary';
    const step = `${at}.steps[0]`;
    check(rollout, [
      ['a step of two kinds', `${step}.pause`, {}, step, /exactly one kind of step, got setWeight and pause/],
      ['a step of no kind', step, {}, step, /got none/],
      ['a weight above 100', `${step}.setWeight`, 101, `${step}.setWeight`, /0 to 100/],
      ['a weight below 0', `${step}.setWeight`, -5, `${step}.setWeight`, /0 to 100/],
      [
        'a weight that is no whole number of pods',
        `${step}.setWeight`,
        7,
        `${step}.setWeight`,
        /7 % of 20 replicas/,
      ],
      [
        'a pause without a unit',
        step,
        { pause: { duration: '5 min' } },
        `${step}.pause.duration`,
        /such as 5m/,
      ],
      ['a negative pause', step, { pause: { duration: -5 } }, `${step}.pause.duration`, /such as 5m/],
      [
        'a scale without a router',
        step,
        { setCanaryScale: { weight: 5 } },
        `${step}.setCanaryScale`,
        /trafficRouting/,
      ],
      [
        'one service for both roles',
        `${at}.stableService`,
        'fraud-detector-canary',
        `${at}.stableService`,
        /another/,
      ],
      ['no room to move', `${at}.maxSurge`, 0, `${at}.maxSurge`, /cannot both be 0/],
      [
        'a selector of other pods',
        'spec.selector.matchLabels.app',
        'x',
        'spec.selector.matchLabels.app',
        /not a label/,
      ],
    ]);

    for (const pause of [{}, { duration: 300 }, { duration: '300' }, { duration: '1h30m' }]) {
      it(`take a pause of ${JSON.stringify(pause)}`, () => {
        assert.deepEqual(checkSemantics(edited(rollout, step, { pause }), known), []);
      });
    }
  });

  describe('of references', () => {
    const at = 'spec.strategy.canary';
    const analysis = `${at}.steps[1].analysis`;
    check(rollout, [
      [
        'an unknown template',
        `${analysis}.templates[0].templateName`,
        'ml-model-verdicts',
        `${analysis}.templates[0].templateName`,
        /did you mean "ml-model-verdict"/,
      ],
      [
        'a cluster template that does not exist',
        `${analysis}.templates[0].clusterScope`,
        true,
        `${analysis}.templates[0].templateName`,
        /no ClusterAnalysisTemplate/,
      ],
      [
        'two templates with one metric',
        `${analysis}.templates[1]`,
        { templateName: 'ml-model-metrics' },
        `${analysis}.templates`,
        /two templates have a metric "error-rate"/,
      ],
      [
        'a missing argument',
        `${analysis}.args[0].name`,
        'step',
        `${analysis}.args`,
        /"namespace" is missing/,
      ],
      [
        'an argument that Argo would drop',
        `${analysis}.args[4].name`,
        'wieght',
        `${analysis}.args[4]`,
        /mean "weight"/,
      ],
      ['an argument given twice', `${analysis}.args[5].name`, 'weight', `${analysis}.args[5]`, /given twice/],
      [
        'an argument without a value',
        `${analysis}.args[1].value`,
        undefined,
        `${analysis}.args[1]`,
        /has no value/,
      ],
      [
        'an unknown hash',
        `${analysis}.args[2].valueFrom.podTemplateHashValue`,
        'Newest',
        `${analysis}.args[2]`,
        /Latest or Stable/,
      ],
      [
        'metadata that no Rollout has',
        `${analysis}.args[0].valueFrom.fieldRef.fieldPath`,
        'metadata.nmspace',
        `${analysis}.args[0]`,
        /no field "metadata.nmspace"/,
      ],
      [
        'a path that leads nowhere',
        `${analysis}.args[0].valueFrom.fieldRef.fieldPath`,
        'spec.template.metadata.labels.version',
        `${analysis}.args[0]`,
        /no field/,
      ],
      [
        'an unknown service',
        `${at}.canaryService`,
        'fraud-detector-cnary',
        `${at}.canaryService`,
        /did you mean/,
      ],
    ]);

    it('take a path that ends in a value of the Rollout', () => {
      const path = `${analysis}.args[0].valueFrom.fieldRef.fieldPath`;
      assert.deepEqual(checkSemantics(edited(rollout, path, 'spec.template.metadata.labels.app'), known), []);
    });

    it('refuse a service of other pods', () => {
      const services = known.map((document) =>
        document.kind === 'Service' ? edited(document, 'spec.selector.app', 'other') : document,
      );
      const errors = checkSemantics(rollout, services);
      assert.deepEqual(pathsOf(errors), [`${at}.canaryService`, `${at}.stableService`]);
    });
  });

  it('want the first lines to say what a file demonstrates and needs', () => {
    const good =
      '# This example demonstrates a canary.\n#\n# Prerequisites:\n#   kubectl get crd x\nkind: X\n';
    assert.deepEqual(checkLeadingComment(good), []);
    assert.equal(checkLeadingComment(good.replace('# This', '# That')).length, 1);
    assert.equal(checkLeadingComment(good.replace('kubectl', 'none')).length, 1);
    assert.equal(checkLeadingComment('kind: X\n').length, 2);
  });

  it('read durations as Go does', () => {
    for (const [text, seconds] of [
      ['60s', 60],
      ['1h30m', 5400],
      ['1.5m', 90],
      ['250ms', 0.25],
      ['0', 0],
      ['-5m', -300],
      ['60', undefined],
      ['1d', undefined],
      ['', undefined],
      ['m', undefined],
    ] as const) {
      assert.equal(goDurationSeconds(text), seconds, text);
    }
  });
});
