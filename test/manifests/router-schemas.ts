/**
 * Closed schemas of the routers' objects, for the fields that the shipped Rollouts use: of Istio's and the Gateway API's
 * custom resources no package with schemas is installed. A field that is missing here is refused, so that it is looked
 * up in the resource's own reference before it is added.
 */
import { z } from 'zod';

const metadata = z.strictObject({ name: z.string() });
const weight = z.int().min(0).max(100);

/** `networking.istio.io/v1`: one route of HTTP requests by name, to destinations by weight. */
export const virtualServiceSchema = z.strictObject({
  apiVersion: z.literal('networking.istio.io/v1'),
  kind: z.literal('VirtualService'),
  metadata,
  spec: z.strictObject({
    hosts: z.array(z.string()).min(1),
    gateways: z.array(z.string()).optional(),
    http: z.array(
      z.strictObject({
        name: z.string().optional(),
        route: z.array(z.strictObject({ destination: z.strictObject({ host: z.string() }), weight })).min(1),
      }),
    ),
  }),
});

/** `gateway.networking.k8s.io/v1`: rules without matches take every request of the hostnames. */
export const httpRouteSchema = z.strictObject({
  apiVersion: z.literal('gateway.networking.k8s.io/v1'),
  kind: z.literal('HTTPRoute'),
  metadata,
  spec: z.strictObject({
    parentRefs: z.array(z.strictObject({ name: z.string(), namespace: z.string().optional() })).min(1),
    hostnames: z.array(z.string()).optional(),
    rules: z
      .array(
        z.strictObject({
          backendRefs: z
            .array(z.strictObject({ name: z.string(), port: z.int().min(1).max(65535), weight }))
            .min(1),
        }),
      )
      .min(1),
  }),
});
