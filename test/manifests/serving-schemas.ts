/**
 * Closed schemas of the resources of KServe and Seldon, for the fields that the shipped files use: no package with their
 * schemas is installed. A field that is missing here is refused, so that it is looked up in the resource's own reference
 * before it is added. Those of KServe are also tried on a real API server
 * (test/conformance/progressive/shipped.suite.ts).
 */
import { z } from 'zod';

const percent = z.int().min(0).max(100);
const name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
const address = z.string().regex(/^(s3|gs|https?):\/\//);
const logger = z.strictObject({ mode: z.enum(['all', 'request', 'response']), url: address });

const env = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) })
    .optional(),
});

const model = z.strictObject({
  name: z.literal('kserve-container').optional(),
  modelFormat: z.strictObject({ name: z.string() }),
  runtime: name.optional(),
  storageUri: address,
  env: z.array(env).optional(),
  resources: z
    .strictObject({
      requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
      limits: z.strictObject({ memory: z.string() }),
    })
    .optional(),
});

const predictor = z.strictObject({
  name: name.optional(),
  canaryTrafficPercent: percent.optional(),
  minReplicas: z.int().min(0).optional(),
  logger: logger.optional(),
  model,
});

/** `serving.kserve.io/v1beta1`. */
export const inferenceServiceSchema = z.strictObject({
  apiVersion: z.literal('serving.kserve.io/v1beta1'),
  kind: z.literal('InferenceService'),
  metadata: z.strictObject({
    name,
    namespace: name.optional(),
    annotations: z.strictObject({ 'serving.kserve.io/deploymentMode': z.enum(['Knative', 'Standard']) }),
  }),
  spec: z.strictObject({
    predictor,
    canary: z
      .array(
        z.strictObject({
          trafficPercent: percent,
          predictor: predictor.required({ name: true }).extend({ model: model.required({ name: true }) }),
        }),
      )
      .optional(),
  }),
});

/** `machinelearning.seldon.io/v1`. */
export const seldonDeploymentSchema = z.strictObject({
  apiVersion: z.literal('machinelearning.seldon.io/v1'),
  kind: z.literal('SeldonDeployment'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    predictors: z
      .array(
        z.strictObject({
          name,
          replicas: z.int().min(1),
          traffic: percent,
          graph: z.strictObject({
            name,
            implementation: z.enum(['SKLEARN_SERVER', 'XGBOOST_SERVER', 'TRITON_SERVER']),
            modelUri: address,
            logger,
          }),
        }),
      )
      .min(1),
  }),
});

const seldonModel = { apiVersion: z.literal('mlops.seldon.io/v1alpha1'), metadata: z.strictObject({ name }) };

/** `mlops.seldon.io/v1alpha1`: one model of Seldon Core 2. */
export const seldonModelSchema = z.strictObject({
  ...seldonModel,
  kind: z.literal('Model'),
  spec: z.strictObject({
    storageUri: address,
    requirements: z.array(z.string()).min(1),
    memory: z.string(),
  }),
});

/** `mlops.seldon.io/v1alpha1`: a split between Models. */
export const experimentSchema = z.strictObject({
  ...seldonModel,
  kind: z.literal('Experiment'),
  spec: z.strictObject({
    default: name,
    candidates: z.array(z.strictObject({ name, weight: percent })).min(1),
  }),
});
