/** Where observations come from: the interface, and one folder for each source. */
export type { ObservationAnswer, ObservationQuery, ObservationSource } from './observation-source.js';
export * from './ledger/index.js';

/** The sources that there are, as the config names them. */
export const sourceNames = ['ledger'] as const;

export type SourceName = (typeof sourceNames)[number];
