import assert from 'node:assert/strict';
import type { ObjectReference } from '../../../src/progressive/cluster/cluster-api.js';
import type { SentPatch } from '../../../src/progressive/targets/index.js';
import { targetKinds } from '../../../src/progressive/targets/index.js';
import type { Target } from '../../../src/progressive/target.js';
import { MemoryCluster, type WrittenObject } from '../../support/progressive/memory-cluster.js';

/** The identity of the resource in the guides. */
export const uid = '3f1c2a90-0001-4000-8000-000000000001';

/** What an example drives: a resource as it stands, by a target as a ModelRollout names it. */
export interface Example {
  readonly field: string;
  readonly target: unknown;
  readonly resource: WrittenObject;
  /** Other objects that the target looks at. */
  readonly others?: readonly (readonly [ObjectReference, WrittenObject])[];
}

/** A resource on its way through a rollout, and what was sent to move it. */
export class PatchJourney {
  readonly cluster = new MemoryCluster();
  readonly reference: ObjectReference;
  readonly #target: Target;
  #sent: SentPatch[] = [];

  constructor({ field, target: raw, resource, others = [] }: Example) {
    const kind = targetKinds.find(({ name }) => name === field);
    assert.ok(kind, field);
    const spec = kind.schema.parse(raw);
    this.reference = kind.referenceOf(spec, 'ml');
    this.cluster.put(this.reference, { ...resource, metadata: { ...resource.metadata, uid } });
    for (const [reference, object] of others) this.cluster.put(reference, object);
    this.#target = kind.create(spec, {
      api: this.cluster,
      namespace: 'ml',
      onPatch: (patch) => {
        this.#sent.push(patch);
      },
    });
  }

  /** Sends a change of the share; the operations that went over the wire. */
  async setWeight(fromPercent: number | null, toPercent: number, bringsModel = false) {
    const expected = await this.#expected(bringsModel);
    return this.#sentBy(
      await this.#target.setWeight({ kind: 'set-weight', expected, fromPercent, toPercent, bringsModel }),
    );
  }

  async promote(fromPercent: number) {
    const expected = await this.#expected();
    return this.#sentBy(await this.#target.promote({ kind: 'promote', expected, fromPercent }));
  }

  async rollBack() {
    const expected = await this.#expected();
    return this.#sentBy(await this.#target.rollBack({ kind: 'roll-back', expected }));
  }

  #sentBy(result: { readonly kind: string }): readonly unknown[] {
    assert.equal(result.kind, 'done', JSON.stringify(result));
    const [patch, ...more] = this.#sent.splice(0);
    assert.equal(more.length, 0, 'one request for each change');
    return patch?.operations ?? [];
  }

  async #expected(bringsModel = false) {
    const seen = await this.#target.observe();
    assert.equal(seen.kind, 'observed', JSON.stringify(seen));
    return { uid: seen.uid, fingerprint: bringsModel ? null : seen.fingerprint, stable: seen.stable };
  }
}
