/** The parts of a built Kustomization that the rules look at. Whether they are complete is the schemas' business. */
import { z } from 'zod';

const labels = z.record(z.string(), z.string());
const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  labels: labels.default({}),
});
const selector = z.object({ matchLabels: labels });
const portName = z.union([z.string(), z.number()]);

const probe = z.object({ httpGet: z.object({ path: z.string(), port: portName }) });

const container = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z
          .object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }).optional() })
          .optional(),
      }),
    )
    .default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  securityContext: z.record(z.string(), z.unknown()).default({}),
  resources: z.object({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  volumeMounts: z.array(
    z.object({
      name: z.string(),
      mountPath: z.string(),
      readOnly: z.boolean().default(false),
      subPath: z.string().optional(),
    }),
  ),
});

const volume = z.object({
  name: z.string(),
  configMap: z.object({ name: z.string() }).optional(),
  secret: z
    .object({
      secretName: z.string(),
      defaultMode: z.number().optional(),
      optional: z.boolean().default(false),
    })
    .optional(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
});

const deployment = z.object({
  kind: z.literal('Deployment'),
  metadata,
  spec: z.object({
    replicas: z.number().default(1),
    strategy: z
      .object({
        type: z.string(),
        rollingUpdate: z.object({ maxUnavailable: portName, maxSurge: portName }).optional(),
      })
      .optional(),
    selector,
    template: z.object({
      metadata: z.object({ labels }),
      spec: z.object({
        serviceAccountName: z.string(),
        automountServiceAccountToken: z.boolean(),
        enableServiceLinks: z.boolean(),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.record(z.string(), z.unknown()),
        topologySpreadConstraints: z.array(z.object({ labelSelector: selector })).default([]),
        containers: z.tuple([container]),
        volumes: z.array(volume),
      }),
    }),
  }),
});

const service = z.object({
  kind: z.literal('Service'),
  metadata,
  spec: z.object({
    selector: labels,
    ports: z.array(z.object({ name: z.string(), port: z.number(), targetPort: portName })),
  }),
});

const budget = z.object({
  kind: z.literal('PodDisruptionBudget'),
  metadata,
  spec: z.object({
    maxUnavailable: z.number().optional(),
    minAvailable: z.number().optional(),
    selector,
  }),
});

const peer = z.object({
  namespaceSelector: selector.optional(),
  podSelector: selector.optional(),
});

const networkPolicy = z.object({
  kind: z.literal('NetworkPolicy'),
  metadata,
  spec: z.object({
    podSelector: selector,
    policyTypes: z.array(z.string()),
    ingress: z
      .array(z.object({ from: z.array(z.unknown()), ports: z.array(z.object({ port: portName })) }))
      .default([]),
    egress: z
      .array(
        z.object({
          // Absent: anywhere.
          to: z.array(peer).default([]),
          ports: z.array(z.object({ port: portName, protocol: z.string().default('TCP') })),
        }),
      )
      .default([]),
  }),
});

const configMap = z.object({
  kind: z.literal('ConfigMap'),
  metadata,
  data: z.record(z.string(), z.string()),
});
const serviceAccount = z.object({
  kind: z.literal('ServiceAccount'),
  metadata,
  automountServiceAccountToken: z.boolean(),
});
const namespace = z.object({ kind: z.literal('Namespace'), metadata });
const claim = z.object({
  kind: z.literal('PersistentVolumeClaim'),
  metadata,
  spec: z.object({ accessModes: z.array(z.string()) }),
});
const serviceMonitor = z.object({
  kind: z.literal('ServiceMonitor'),
  metadata,
  spec: z.object({
    selector,
    endpoints: z.array(
      z.object({ port: z.string(), path: z.string(), honorLabels: z.boolean().default(false) }),
    ),
  }),
});
const prometheusRule = z.object({ kind: z.literal('PrometheusRule'), metadata });

const one = z.discriminatedUnion('kind', [
  deployment,
  service,
  budget,
  networkPolicy,
  configMap,
  serviceAccount,
  namespace,
  claim,
  serviceMonitor,
  prometheusRule,
]);

export type ClusterObject = z.output<typeof one>;
type OfKind<K extends ClusterObject['kind']> = Extract<ClusterObject, { readonly kind: K }>;
export type Container = z.output<typeof container>;

/** What a Kustomization puts into a cluster. */
export class Cluster {
  readonly objects: readonly ClusterObject[];

  /** @throws ZodError for a kind that no rule knows, or a field that is not what the rules reckon with */
  constructor(documents: readonly unknown[]) {
    this.objects = documents.map((document) => one.parse(document));
  }

  all<K extends ClusterObject['kind']>(kind: K): readonly OfKind<K>[] {
    return this.objects.filter((object): object is OfKind<K> => object.kind === kind);
  }

  /** The only object of a kind; fails where there is none, or more than one. */
  only<K extends ClusterObject['kind']>(kind: K): OfKind<K> {
    const [found, ...more] = this.all(kind);
    if (found === undefined || more.length > 0)
      throw new Error(`expected one ${kind}, found ${this.all(kind).length}`);
    return found;
  }

  get pod() {
    return this.only('Deployment').spec.template.spec;
  }

  get container(): Container {
    return this.pod.containers[0];
  }
}
