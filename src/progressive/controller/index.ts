/** The controller: one loop over all ModelRollouts of a cluster. */
export { startController, leaseName, type Controller, type ControllerParts } from './controller.js';
export type { ControllerLog } from './controller-log.js';
export type { AlertOutcome, ControllerMetrics, CountedRollout } from './controller-metrics.js';
export { createEventsReceiver } from './events-receiver.js';
export { defaultLeaseTimings } from './leadership.js';
export type { LeaseTimings } from './lease.js';
