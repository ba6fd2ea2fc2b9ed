import { describeFieldError, type FieldError } from '../../domain/errors.js';
import type { ReasonCode } from '../../domain/verdict.js';

/** Why a question cannot be put to the judge: the code and the sentence of the hold that answers it. */
export interface Hold {
  readonly code: ReasonCode;
  readonly text: string;
}

const longestText = 1000;

/** A hold for arguments that are wrong: it names each of them with what was expected. */
export function badArgument(errors: readonly FieldError[]): Hold {
  return hold('bad-argument', errors.map(describeFieldError).join('; '));
}

/** A hold with a sentence of bounded length, since parts of it may come from the request. */
export function hold(code: ReasonCode, text: string): Hold {
  return { code, text: text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…` };
}
