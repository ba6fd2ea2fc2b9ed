import type { Claim } from './claim.js';

type Place = Extract<Claim, { readonly kind: 'place' }>;

/**
 * Who drives what: of all ModelRollouts that are about one resource, one at a time. It goes by what they say of themselves, not
 * by who was seen first: whoever has begun goes on, else the oldest begins. Who has it keeps it until its end.
 */
export class PlaceOwners {
  readonly #onFree: (waiting: readonly string[]) => void;
  readonly #claims = new Map<string, Place>();
  readonly #claimants = new Map<string, Set<string>>();
  readonly #owners = new Map<string, string>();

  /** @param onFree is told who waits for a resource whose owner has ended, or is there no more */
  constructor(onFree: (waiting: readonly string[]) => void) {
    this.#onFree = onFree;
  }

  /** Takes down what a rollout says of itself now. */
  claim(rollout: string, claim: Claim): void {
    const before = this.#claims.get(rollout);
    // It has begun, and where is not to be read any more: that stays its own.
    if (claim.kind === 'unknown') return;
    if (claim.kind === 'none' || before?.place !== claim.place) this.release(rollout);
    if (claim.kind === 'none') return;
    this.#claims.set(rollout, claim);
    const claimants = this.#claimants.get(claim.place) ?? new Set();
    this.#claimants.set(claim.place, claimants.add(rollout));
  }

  /** It has ended, or is there no more. */
  release(rollout: string): void {
    const place = this.#claims.get(rollout)?.place;
    if (place === undefined) return;
    this.#claims.delete(rollout);
    const claimants = this.#claimants.get(place);
    claimants?.delete(rollout);
    if (claimants?.size === 0) this.#claimants.delete(place);
    const owner = this.#owners.get(place);
    if (owner === rollout) this.#owners.delete(place);
    // Whoever was not yet the owner, but the next one, was named as such to the others.
    if (claimants !== undefined && claimants.size > 0) this.#onFree([...claimants]);
  }

  /** Who drives what this one is about: itself from here on, where it is its turn. */
  ownerOf(rollout: string): string {
    const place = this.#claims.get(rollout)?.place;
    if (place === undefined) return rollout;
    const owner = this.#owners.get(place) ?? this.#first(place) ?? rollout;
    if (owner === rollout) this.#owners.set(place, rollout);
    return owner;
  }

  #first(place: string): string | undefined {
    const [first] = [...(this.#claimants.get(place) ?? [])]
      .flatMap((rollout) => {
        const claim = this.#claims.get(rollout);
        return claim === undefined ? [] : [{ rollout, ...claim }];
      })
      .sort(byTurn);
    return first?.rollout;
  }
}

type Claimant = Place & { readonly rollout: string };

function byTurn(one: Claimant, other: Claimant): number {
  if (one.hasBegun !== other.hasBegun) return one.hasBegun ? -1 : 1;
  return inOrder(one.createdAt, other.createdAt) || inOrder(one.rollout, other.rollout);
}

function inOrder(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
