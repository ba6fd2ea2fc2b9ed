/** Where observations come from: the interface, and one folder for each source. */
export type { ObservationAnswer, ObservationQuery, ObservationSource } from './observation-source.js';
export * from './ledger/index.js';
export { minuteMs } from './looks/minutes.js';

export * from './prometheus/index.js';

/** The sources that there are, as the config names them. */
export const sourceNames = ['ledger', 'prometheus'] as const;

export type SourceName = (typeof sourceNames)[number];
