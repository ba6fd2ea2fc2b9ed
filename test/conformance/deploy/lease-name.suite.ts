import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { z } from 'zod';
import { documentAt } from '../../docs/documents.js';
import { buildKustomization } from './kustomize.js';

const found = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
});

describe('a controller with a Lease of another name, by the real kustomize', function () {
  this.timeout(300_000);

  it('is what the patches of the documentation make: the argument and the right go together', () => {
    const block = documentAt('docs/command-line.md').blocks.find(({ text }) =>
      text.includes('--lease-name='),
    );
    const choice = { resources: ['deploy/overlays/embedded'], components: ['deploy/components/controller'] };
    const shipped = buildKustomization(choice);
    const patched = buildKustomization({ ...choice, ...(parse(block?.text ?? '') as object) });
    const before = new Set(shipped.map((object) => JSON.stringify(object)));
    const changed = patched.filter((object) => !before.has(JSON.stringify(object)));
    assert.equal(patched.length, shipped.length);
    assert.deepEqual(
      changed.map((object) => {
        const { kind, metadata } = found.parse(object);
        return `${kind}/${metadata.name}`;
      }),
      ['Role/ml-verdict-controller', 'Deployment/ml-verdict-controller'],
    );
    const [role, deployment] = changed.map((object) => JSON.stringify(object));
    assert.match(role ?? '', /"resourceNames":\["ml-verdict-controller-payments"\]/);
    assert.match(deployment ?? '', /"--namespace=payments","--lease-name=ml-verdict-controller-payments"\]/);
  });
});
