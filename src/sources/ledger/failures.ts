import type { LedgerStatus } from './ledger.js';

/** What the last operations of a kind came to: a database may read while it cannot write. */
export class LastFailures {
  readonly #reasons = new Map<'read' | 'write', string>();

  succeeded(kind: 'read' | 'write'): void {
    this.#reasons.delete(kind);
  }

  failed(kind: 'read' | 'write', reason: string): void {
    this.#reasons.set(kind, reason);
  }

  status(): LedgerStatus {
    const reason = this.#reasons.get('read') ?? this.#reasons.get('write');
    return reason === undefined ? { available: true } : { available: false, reason };
  }
}
