import type { Ledger } from '../../../src/sources/index.js';

/** A real ledger of which a few members are other ones: to count calls, to wait or to fail. */
export function alteredLedger(ledger: Ledger, changes: Partial<Ledger>): Ledger {
  return {
    name: ledger.name,
    isRemote: ledger.isRemote,
    get settings() {
      return ledger.settings;
    },
    history: ledger.history,
    observe: (query, signal) => ledger.observe(query, signal),
    record: (batch, request) => ledger.record(batch, request),
    newestLook: (query) => ledger.newestLook(query),
    series: (namespace, model) => ledger.series(namespace, model),
    changeMarker: (namespace, model) => ledger.changeMarker(namespace, model),
    sweep: (nowMs) => ledger.sweep(nowMs),
    ping: () => ledger.ping(),
    configure: (settings) => {
      ledger.configure(settings);
    },
    status: () => ledger.status(),
    size: () => ledger.size(),
    models: () => ledger.models(),
    close: () => ledger.close(),
    ...changes,
  };
}
