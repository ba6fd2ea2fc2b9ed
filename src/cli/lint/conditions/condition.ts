/**
 * What a condition makes of a result. Throws a MeasurementError where Argo would mark the measurement as Error.
 */
export type Condition = (result: unknown) => unknown;
