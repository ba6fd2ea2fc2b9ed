import type { Config } from '../../config/config.js';
import { VerdictError } from '../../domain/errors.js';
import type { Policy } from '../../domain/policy.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import { holdDocument, type Question } from '../../judge/index.js';
import type { Ledger } from '../../sources/index.js';
import type { ObservationQuery } from '../../sources/observation-source.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { QueryValues } from '../http/query-values.js';
import { DeadlineError, withDeadline } from './deadline.js';
import { evaluate } from './evaluate.js';
import { badArgument, hold, type Hold } from './hold.js';
import { resolvePolicy } from './resolve-policy.js';
import { SharedAnswers, type Answer, type AnswerOrigin } from './shared-answers.js';
import { countVerdict } from './count-verdict.js';
import { parseVerdictRequest, type VerdictRequest } from './verdict-request.js';

const minuteMs = 60_000;

/** What the service needs. */
export interface VerdictServiceParts {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Answers "is this canary good enough?". Always with a document: what is wrong with the question, with the source
 * or with ourselves is a hold with its reason, since an error would abort a healthy canary and say nothing.
 */
export class VerdictService {
  readonly #parts: VerdictServiceParts;
  readonly #answers: SharedAnswers<VerdictDocument>;

  constructor(parts: VerdictServiceParts) {
    this.#parts = parts;
    this.#answers = new SharedAnswers(parts.config.server.cachedVerdicts);
  }

  /** Answers a question from its arguments as they came. Never fails. */
  async answer(arguments_: QueryValues, requestId: string): Promise<VerdictDocument> {
    let document: VerdictDocument;
    let from: AnswerOrigin | 'refused' = 'refused';
    try {
      const request = parseVerdictRequest(arguments_, this.#parts.now());
      if (request.ok) {
        const answer = await this.#answerRequest(request.value, requestId);
        document = answer.value;
        from = answer.from;
      } else {
        document = refusal(arguments_.values, badArgument(request.errors));
      }
    } catch (error) {
      document = refusal(arguments_.values, this.#failure(error, requestId));
    }
    this.#parts.metrics.verdictAnswers.inc({ from });
    countVerdict(this.#parts.metrics, this.#parts.config, document, namespaceOf(arguments_.values));
    return document;
  }

  async #answerRequest(
    request: VerdictRequest,
    requestId: string,
  ): Promise<{ readonly value: VerdictDocument; readonly from: AnswerOrigin | 'refused' }> {
    const { config, ledger } = this.#parts;
    const resolved = resolvePolicy(config, request);
    if (resolved.kind === 'hold') {
      const policy = resolved.policy ?? request.given.policy ?? '';
      return { value: holdOf(request, policy, resolved.hold), from: 'refused' };
    }
    const { policy } = resolved;
    const { namespace, model } = request.query;
    try {
      const deadlineMs = config.server.verdictDeadlineMs;
      return await withDeadline(deadlineMs, async () => {
        const marker = await ledger.changeMarker(namespace, model);
        // A deadline of its own: others who share this evaluation would wait for ever for one that never ends.
        return this.#answers.get(this.#key(request, policy, marker), () =>
          withDeadline(deadlineMs, (signal) => this.#evaluate(request, policy, requestId, signal)),
        );
      });
    } catch (error) {
      return { value: holdOf(request, policy, this.#failure(error, requestId)), from: 'evaluated' };
    }
  }

  /**
   * Two questions with the same key have the same answer: all inputs, the newest settled look, the ledger's state. The
   * step changes no answer, but the history keeps each.
   */
  #key({ query, given }: VerdictRequest, policy: Policy, marker: string): string {
    const newestLook = Math.floor((query.asOfMs - this.#parts.config.looks.settleMs) / minuteMs);
    const { namespace, model, canary, stable, sinceMs } = query;
    const { guardrail, promoteWith, weight, step } = given;
    return JSON.stringify([
      [namespace, model, canary, stable, sinceMs, newestLook, marker],
      [guardrail, promoteWith, weight, step],
      policy,
    ]);
  }

  async #evaluate(
    request: VerdictRequest,
    policy: Policy,
    requestId: string,
    signal: AbortSignal,
  ): Promise<Answer<VerdictDocument>> {
    const { metrics } = this.#parts;
    const stopTimer = metrics.verdictSeconds.startTimer();
    try {
      const { query, given } = request;
      const answer = await this.#observe(query, signal);
      const evaluation = evaluate(policy, questionOf(request), query, answer);
      if (evaluation.kind === 'hold') {
        if (!evaluation.lasting) {
          metrics.verdictFailures.inc({ what: 'source' });
          this.#parts.logger.warn(
            { requestId, reason: evaluation.hold.code },
            'the source has no observations',
          );
        }
        return { value: holdOf(request, policy, evaluation.hold), keep: evaluation.lasting };
      }
      if (!signal.aborted) await this.#remember(query, given.step, evaluation.document, requestId);
      return { value: evaluation.document, keep: true };
    } finally {
      stopTimer();
    }
  }

  async #observe(query: ObservationQuery, signal: AbortSignal) {
    const { ledger, metrics } = this.#parts;
    const stopTimer = metrics.sourceSeconds.startTimer({ source: ledger.name });
    const answer = await ledger.observe(query, signal);
    stopTimer();
    metrics.sourceAnswers.inc({ source: ledger.name, kind: answer.kind });
    return answer;
  }

  /** Keeps the verdict in the history. That it cannot be kept does not make it less true: it is answered all the same. */
  async #remember(
    { namespace }: ObservationQuery,
    step: string | undefined,
    document: VerdictDocument,
    requestId: string,
  ): Promise<void> {
    const { ledger, metrics, logger, now } = this.#parts;
    const stopTimer = metrics.ledgerWriteSeconds.startTimer({ what: 'verdict' });
    try {
      const recordedMs = now();
      await ledger.history.append({
        namespace,
        recordedMs,
        document,
        ...(step === undefined ? {} : { step }),
      });
    } catch (error) {
      metrics.verdictFailures.inc({ what: 'history' });
      logger.error({ requestId, verdictId: document.id, err: error }, 'the verdict could not be kept');
    } finally {
      stopTimer();
    }
  }

  /** The hold for something that failed; the log has the cause. */
  #failure(error: unknown, requestId: string): Hold {
    const { logger, metrics } = this.#parts;
    if (error instanceof DeadlineError) {
      metrics.verdictFailures.inc({ what: 'deadline' });
      logger.warn({ requestId, deadlineMs: error.deadlineMs }, 'a verdict took too long');
      return hold(
        'source-unavailable',
        `the observations could not be read and judged within ${error.deadlineMs / 1000} s`,
      );
    }
    if (error instanceof VerdictError && error.code === 'unavailable') {
      metrics.verdictFailures.inc({ what: 'source' });
      logger.warn({ requestId, err: error }, 'the ledger cannot be read');
      return hold('source-unavailable', error.message);
    }
    metrics.verdictFailures.inc({ what: 'internal' });
    logger.error({ requestId, err: error }, 'a verdict failed');
    return hold(
      'source-unavailable',
      `the service failed on this question; its log has the cause under request ${requestId}`,
    );
  }
}

function questionOf({ given: { guardrail, promoteWith, weight } }: VerdictRequest): Question {
  return {
    ...(guardrail === undefined ? {} : { guardrail }),
    ...(promoteWith === undefined ? {} : { promoteWith }),
    ...(weight === undefined ? {} : { weight }),
  };
}

/** The hold for a question that was understood. */
function holdOf(
  { query, given }: VerdictRequest,
  policy: Policy | string,
  { code, text }: Hold,
): VerdictDocument {
  return holdDocument({
    model: query.model,
    canary: query.canary,
    ...(query.stable === undefined ? {} : { stable: query.stable }),
    ...(given.guardrail === undefined ? {} : { guardrail: given.guardrail }),
    policy,
    code,
    text,
  });
}

/** The hold for a question that could not even be read: it repeats the names that are names. */
function refusal(values: Readonly<Record<string, unknown>>, { code, text }: Hold): VerdictDocument {
  const name = (key: string): string => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return typeof value === 'string' && value.length <= 253 ? value : '';
  };
  const stable = name('stable');
  const guardrail = name('guardrail');
  return holdDocument({
    model: name('model'),
    canary: name('canary'),
    ...(stable === '' ? {} : { stable }),
    ...(guardrail === '' ? {} : { guardrail }),
    policy: name('policy'),
    code,
    text,
  });
}

function namespaceOf(values: Readonly<Record<string, unknown>>): string {
  const { namespace } = values;
  return typeof namespace === 'string' && namespace !== '' ? namespace : 'default';
}
