import type { SeldonDeployment } from './seldon-deployment.js';

/** The routes that Seldon's operator gives a SeldonDeployment: REST and gRPC, one destination a predictor. */
export function virtualServiceOf({ metadata, spec }: SeldonDeployment): object {
  const { namespace, name, uid } = metadata;
  const serving = spec.predictors.filter(({ shadow }) => shadow !== true);
  const shadow = spec.predictors.find((predictor) => predictor.shadow === true);
  const destination = (predictor: string) => ({
    host: `${name}-${predictor}.${namespace}.svc.cluster.local`,
    port: { number: 8000 },
    subset: predictor,
  });
  const route = {
    route: serving.map((predictor) => ({
      destination: destination(predictor.name),
      weight: serving.length === 1 ? 100 : (predictor.traffic ?? 0),
    })),
    ...(shadow === undefined ? {} : { mirror: destination(shadow.name) }),
  };
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'VirtualService',
    metadata: {
      name,
      ownerReferences: [
        {
          apiVersion: 'machinelearning.seldon.io/v1',
          kind: 'SeldonDeployment',
          name,
          uid,
          controller: true,
        },
      ],
    },
    spec: {
      hosts: ['*'],
      gateways: ['istio-system/seldon-gateway'],
      http: [
        {
          match: [{ uri: { prefix: `/seldon/${namespace}/${name}/` } }],
          rewrite: { uri: '/' },
          ...route,
        },
        {
          match: [
            {
              uri: { regex: '/seldon.protos.*' },
              headers: { namespace: { exact: namespace }, seldon: { exact: name } },
            },
          ],
          ...route,
        },
      ],
    },
  };
}
