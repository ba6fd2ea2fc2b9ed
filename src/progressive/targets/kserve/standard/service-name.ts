/**
 * What Standard mode calls the Service and the Deployment of a predictor, and so the version in them: pods have it in their label
 * `app`, after `isvc.`.
 *
 * @param predictor its name; absent for a stable one that has none
 */
export function serviceNameOf(service: string, predictor: string | undefined): string {
  return predictor === undefined ? `${service}-predictor` : `${service}-${predictor}-predictor`;
}
