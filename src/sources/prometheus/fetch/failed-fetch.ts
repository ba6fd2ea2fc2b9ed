/** A query that was not answered, or not wholly: what was fetched together with it is not to be used. */
export class FailedFetch extends Error {
  readonly kind: 'unavailable' | 'partial';

  constructor(kind: 'unavailable' | 'partial', reason: string) {
    super(reason);
    this.kind = kind;
  }
}
