import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AuditedRequest } from '../rig/audit.js';

const file = new URL('../../../progressive/targets/golden-patches.json', import.meta.url);

const operation = z.looseObject({ op: z.string(), path: z.string(), value: z.unknown().optional() });
const wire = z.object({ path: z.string(), contentType: z.string(), body: z.array(operation) });
const golden = z.record(z.string(), z.union([z.record(z.string(), wire), z.array(wire)]));

/** What no two clusters have in common. */
const ownPaths = ['/metadata/uid', '/metadata/generation'];

/**
 * A change as a real API server got it is, byte by byte, the one that is written down; but for the identity and the
 * generation of the resource.
 *
 * @param which of those of its kind: its title, or its place
 */
export function assertGolden(
  request: AuditedRequest | undefined,
  kind: string,
  which: string | number,
): void {
  assert.ok(request !== undefined, 'nothing was sent');
  const written = golden.parse(JSON.parse(readFileSync(file, 'utf8')))[kind];
  const expected = new Map(Object.entries(written ?? {})).get(String(which));
  assert.ok(expected !== undefined, `golden-patches.json has no ${kind}, ${which}`);
  const sent = z.array(operation).parse(JSON.parse(request.body ?? ''));
  const body = sent.map((one, index) =>
    one.op === 'test' && ownPaths.includes(one.path) ? { ...one, value: expected.body[index]?.value } : one,
  );
  assert.equal(JSON.stringify(body), JSON.stringify(expected.body));
  assert.equal(request.path.split('?')[0], expected.path);
  assert.equal(request.status, 200);
}
