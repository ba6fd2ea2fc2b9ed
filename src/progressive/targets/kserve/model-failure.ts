import { textAt } from '../json-at.js';

/** Why a model does not load. */
export interface ModelFailure {
  readonly text: string;
  /** The revision that it is about; undefined: it does not say. */
  readonly revision: string | undefined;
  /** What was asked for cannot be: trying on changes nothing. */
  readonly isInvalid: boolean;
}

/** What a `modelStatus` of KServe says of a model that does not load; undefined where it says nothing of the kind. */
export function modelFailureOf(modelStatus: unknown): ModelFailure | undefined {
  // `InProgress` says nothing: it also stands where everything has long been ready.
  const status = textAt(modelStatus, 'transitionStatus');
  if (status !== 'BlockedByFailedLoad' && status !== 'InvalidSpec') return undefined;
  const reason = textAt(modelStatus, 'lastFailureInfo', 'reason');
  const message = textAt(modelStatus, 'lastFailureInfo', 'message');
  const said = [reason ?? status, message].filter((part) => part !== undefined).join(': ');
  return {
    text: said.length > 500 ? `${said.slice(0, 499)}…` : said,
    revision: textAt(modelStatus, 'lastFailureInfo', 'modelRevisionName'),
    isInvalid: status === 'InvalidSpec',
  };
}
