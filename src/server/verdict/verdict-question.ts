import type { Config } from '../../config/config.js';
import type { Policy } from '../../domain/policy.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import type { Caller } from '../access/index.js';
import type { QueryValues } from '../http/query-values.js';
import { badArgument } from './hold.js';
import { holdOf, refusal } from './hold-documents.js';
import { RecentlyUsed } from './recently-used.js';
import { resolvePolicy } from './resolve-policy.js';
import { parseVerdictRequest, type VerdictRequest } from './verdict-request.js';

/** A question that can be put to the judge. */
export interface VerdictQuestion {
  readonly kind: 'question';
  readonly request: VerdictRequest;
  readonly policy: Policy;
  /** Two questions with the same key are the same one, asked at different times. */
  readonly key: string;
}

/** What became of a question when it was read; a refused one is answered with a hold that says why. */
export type ReadQuestion =
  | VerdictQuestion
  | { readonly kind: 'refused'; readonly document: VerdictDocument; readonly namespace: string };

/** A question as it came. */
export interface AskedQuestion {
  /** How it was written, to recognise it by. */
  readonly text: string;
  /** Its arguments. Throws where it is none at all. */
  readonly read: () => QueryValues;
}

/** Longer questions are read anew each time. */
const longestRemembered = 4096;

/**
 * Reads questions by one config. Argo Rollouts asks the same one every minute, and a page the same one every second:
 * how it was understood is remembered, all but the time at which it is asked.
 */
export class QuestionReader {
  readonly #config: Config;
  readonly #remembered: RecentlyUsed<VerdictQuestion>;

  constructor(config: Config) {
    this.#config = config;
    this.#remembered = new RecentlyUsed(config.server.cachedVerdicts);
  }

  /**
   * Throws what `asked.read` throws, and nothing else. The caller decides which names a refusal may tell: it is not
   * remembered, and a question is the same whoever asks.
   */
  read({ text, read }: AskedQuestion, caller: Caller, nowMs: number): ReadQuestion {
    const known = this.#remembered.get(text);
    if (known !== undefined) return askedAt(known, nowMs);
    const arguments_ = read();
    const question = this.#understand(arguments_, caller, nowMs);
    if (question.kind === 'question' && text.length <= longestRemembered && !dependsOnTime(question)) {
      this.#remembered.set(text, question);
    }
    return question;
  }

  #understand(arguments_: QueryValues, caller: Caller, nowMs: number): ReadQuestion {
    const request = parseVerdictRequest(arguments_, nowMs);
    if (!request.ok) {
      return {
        kind: 'refused',
        document: refusal(arguments_.values, badArgument(request.errors)),
        namespace: namespaceOf(arguments_.values),
      };
    }
    const resolved = resolvePolicy(this.#config, request.value, caller);
    if (resolved.kind === 'hold') {
      const policy = resolved.policy ?? request.value.given.policy ?? '';
      return {
        kind: 'refused',
        document: holdOf(request.value, policy, resolved.hold),
        namespace: request.value.query.namespace,
      };
    }
    const { policy } = resolved;
    return { kind: 'question', request: request.value, policy, key: keyOf(request.value, policy) };
  }
}

function askedAt(question: VerdictQuestion, nowMs: number): VerdictQuestion {
  const { request } = question;
  return { ...question, request: { ...request, query: { ...request.query, asOfMs: nowMs } } };
}

/** Whether the same words would be read another way at another time. */
function dependsOnTime({ request: { given } }: VerdictQuestion): boolean {
  return given.asOf !== undefined || given.since !== undefined;
}

/** The step changes no answer, but the history keeps each. */
function keyOf({ query, given }: VerdictRequest, policy: Policy): string {
  const { namespace, model, canary, stable, sinceMs } = query;
  const { guardrail, promoteWith, weight, step, stage } = given;
  return JSON.stringify([
    [namespace, model, canary, stable, sinceMs],
    [guardrail, promoteWith, weight, step, stage?.weights],
    policy,
  ]);
}

function namespaceOf(values: Readonly<Record<string, unknown>>): string {
  const { namespace } = values;
  return typeof namespace === 'string' && namespace !== '' ? namespace : 'default';
}
