/** Says that a measurement would be an Error, and why. */
export class MeasurementError extends Error {}
