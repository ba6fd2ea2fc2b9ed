import { z } from 'zod';
import { until } from '../../../support/until.js';
import type { ApiClient } from './api-client.js';
import type { Kubectl } from './kubectl.js';

const definitions = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        group: z.string(),
        names: z.object({ plural: z.string() }),
        versions: z.array(z.object({ name: z.string(), served: z.boolean() })),
      }),
    }),
  ),
});
const resourceList = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** Declares kinds of objects to an API server, which needs a moment until it takes objects of them. */
export async function declareKinds(
  files: readonly string[],
  { api, kubectl }: { readonly api: ApiClient; readonly kubectl: Kubectl },
): Promise<void> {
  // They are too large for the annotation that kubectl would keep on the side of the client.
  await kubectl.run(['apply', '--server-side', ...files.flatMap((file) => ['-f', file])]);
  const declared = definitions.parse(
    await api.ask('/apis/apiextensions.k8s.io/v1/customresourcedefinitions'),
  );
  for (const { spec } of declared.items) {
    for (const version of spec.versions.filter(({ served }) => served)) {
      const path = `/apis/${spec.group}/${version.name}`;
      await until(async () => (await pluralsAt(api, path)).includes(spec.names.plural));
    }
  }
}

async function pluralsAt(api: ApiClient, path: string): Promise<readonly string[]> {
  if ((await api.statusOf(path)) !== 200) return [];
  return resourceList.parse(await api.ask(path)).resources.map(({ name }) => name);
}
