import { parse } from 'yaml';

/** Manifests in which no rule finds anything, for tests that break them in one place. */

const args = `
  args:
    - { name: verdict-url, value: 'http://ml-verdict.ml-verdict.svc:8080' }
    - { name: token, valueFrom: { secretKeyRef: { name: ml-verdict-token, key: token } } }
    - { name: namespace }
    - { name: model-name }
    - { name: canary-hash }
    - { name: stable-hash }
    - { name: weight, value: '' }
    - { name: policy, value: '' }
    - { name: mode, value: '' }
    - { name: error-rate-promote-below, value: '0.5%' }
`;

const web = (guardrail: string) => `
      provider:
        web:
          method: POST
          url: '{{ args.verdict-url }}/v1/verdict'
          headers: [{ key: Authorization, value: 'Bearer {{ args.token }}' }]
          timeoutSeconds: 15
          jsonPath: '{$.measurement}'
          jsonBody:
            namespace: '{{ args.namespace }}'
            model: '{{ args.model-name }}'
            canary: '{{ args.canary-hash }}'
            stable: '{{ args.stable-hash }}'
            weight: '{{ args.weight }}'
            policy: '{{ args.policy }}'
            mode: '{{ args.mode }}'${guardrail}
            guardrails: { error-rate: { promoteBelow: '{{ args.error-rate-promote-below }}' } }
`;

const gate = (name: string, guardrail = '') => `
    - name: ${name}
      interval: 60s
      count: 60
      consecutiveSuccessLimit: 1
      failureLimit: 0
      inconclusiveLimit: 58
      consecutiveErrorLimit: 360
      successCondition: default(result, ["", ""])[1] == "promote"
      failureCondition: default(result, ["", ""])[1] == "rollback"
${web(guardrail)}`;

const single = (name: string) => `
            guardrail: ${name}
            promoteWith: all`;

const stepArgs = (weight: string) => `
              - { name: namespace, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }
              - { name: model-name, value: fraud-detector }
              - { name: canary-hash, valueFrom: { podTemplateHashValue: Latest } }
              - { name: stable-hash, valueFrom: { podTemplateHashValue: Stable } }${weight}`;

const texts = {
  /** A combined gate, with one of its guardrails shown beside it. */
  gate: `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: gate }
spec:${args}
  dryRun: [{ metricName: ^error-rate$ }]
  measurementRetention: [{ metricName: .*, limit: 60 }]
  metrics:${gate('ml-verdict')}${gate('error-rate', single('error-rate'))}`,
  /** Two guardrails that both decide. */
  metrics: `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: metrics }
spec:${args}
  metrics:${gate('error-rate', single('error-rate'))}${gate('latency-p99', single('latency-p99'))}`,
  background: `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: background }
spec:${args}
  metrics:
    - name: ml-verdict-watch
      interval: 60s
      consecutiveErrorLimit: 360
      failureCondition: result[1] == "rollback"
${web('')}`,
  rollout: `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: fraud-detector }
spec:
  replicas: 20
  strategy:
    canary:
      analysis:
            templates: [{ templateName: background }]
            args:${stepArgs('')}
      steps:
        - setWeight: 5
        - analysis:
            templates: [{ templateName: gate }]
            args:${stepArgs("\n              - { name: weight, value: '5' }")}
        - pause: { duration: 10m }
        - setWeight: 50
        - analysis:
            templates: [{ templateName: metrics }]
            args:${stepArgs("\n              - { name: weight, value: '50' }")}
`,
  experiment: `
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: { name: baseline-against-canary }
spec:
  analyses:
        - name: compare
          templateName: metrics
          requiredForCompletion: true
          args:
              - { name: namespace, value: shop }
              - { name: model-name, value: fraud-detector }
              - { name: canary-hash, value: '{{templates.canary.podTemplateHash}}' }
              - { name: stable-hash, value: '{{templates.baseline.podTemplateHash}}' }
`,
} as const;

export type SoundName = keyof typeof texts;

export const soundNames = Object.keys(texts) as readonly SoundName[];

/** The object of that name, to be changed. */
export function soundManifest(name: SoundName): unknown {
  return parse(texts[name]) as unknown;
}
