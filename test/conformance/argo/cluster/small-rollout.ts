/** The least that a gated canary needs, for what is not about the shipped manifests. */

const argoVersion = 'argoproj.io/v1alpha1';

/** A metric that asks a service for its verdict every second. */
export function verdictMetric(url: string, request: Readonly<Record<string, string>>): object {
  return {
    name: 'ml-model-verdict',
    interval: '1s',
    count: 60,
    consecutiveSuccessLimit: 1,
    failureLimit: 0,
    inconclusiveLimit: 2,
    consecutiveErrorLimit: 30,
    successCondition: 'result[1] == "promote"',
    failureCondition: 'result[1] == "rollback"',
    provider: {
      web: {
        method: 'POST',
        url: `${url}/v1/verdict`,
        timeoutSeconds: 5,
        jsonPath: '{$.measurement}',
        jsonBody: request,
      },
    },
  };
}

/**
 * An AnalysisTemplate `verdict` and a Rollout that asks it once.
 * @param options.router how its canary strategy routes requests; absent: it does not
 */
export function smallRollout(
  name: string,
  url: string,
  { router = {} }: { readonly router?: object } = {},
): readonly object[] {
  const labels = { app: name };
  return [
    {
      apiVersion: argoVersion,
      kind: 'AnalysisTemplate',
      metadata: { name: 'verdict' },
      spec: {
        args: [{ name: 'model' }, { name: 'canary' }, { name: 'stable' }],
        metrics: [
          verdictMetric(url, {
            model: '{{ args.model }}',
            canary: '{{ args.canary }}',
            stable: '{{ args.stable }}',
          }),
        ],
      },
    },
    {
      apiVersion: argoVersion,
      kind: 'Rollout',
      metadata: { name },
      spec: {
        replicas: 4,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'model', image: 'registry.example.com/model:1' }] },
        },
        strategy: {
          canary: {
            ...router,
            steps: [
              { setWeight: 25 },
              { pause: { duration: '1s' } },
              {
                analysis: {
                  templates: [{ templateName: 'verdict' }],
                  args: [
                    { name: 'model', value: name },
                    { name: 'canary', valueFrom: { podTemplateHashValue: 'Latest' } },
                    { name: 'stable', valueFrom: { podTemplateHashValue: 'Stable' } },
                  ],
                },
              },
            ],
          },
        },
      },
    },
  ];
}

/** What Istio needs for it. */
export function routedObjects(name: string): readonly object[] {
  const service = (role: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}-${role}` },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  });
  return [
    service('canary'),
    service('stable'),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name },
      spec: {
        hosts: [name],
        http: [
          {
            route: [
              { destination: { host: `${name}-stable` }, weight: 100 },
              { destination: { host: `${name}-canary` }, weight: 0 },
            ],
          },
        ],
      },
    },
  ];
}
