import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../../config/config.js';
import { VerdictError } from '../../domain/errors.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import type { Question } from '../../judge/index.js';
import type { Ledger } from '../../sources/index.js';
import type {
  ObservationAnswer,
  ObservationQuery,
  ObservationSource,
} from '../../sources/observation-source.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { withVisibleNames, type Caller } from '../access/index.js';
import type { RequestIds } from '../http/request-context.js';
import type { ModelSources } from '../sources/model-sources.js';
import { countVerdict } from './count-verdict.js';
import { DeadlineError, withDeadline } from './deadline.js';
import { evaluate } from './evaluate.js';
import { FairQueue } from './fair-queue.js';
import { GivenVerdict } from './given-verdict.js';
import { hold, type Hold } from './hold.js';
import { holdOf } from './hold-documents.js';
import type { LastVerdicts } from './last-verdicts.js';
import { SharedAnswers, type Answer, type AnswerOrigin } from './shared-answers.js';
import {
  QuestionReader,
  type AskedQuestion,
  type ReadQuestion,
  type VerdictQuestion,
} from './verdict-question.js';
import type { VerdictRequest } from './verdict-request.js';

const minuteMs = 60_000;

/** While one waits for the database another one can be judged; more would only share the one thread. */
const evaluationsAtATime = 4;

/**
 * How long an answer waits for the history, so that whoever asked finds the verdict there. A large body that is being
 * written may keep the history waiting for longer; the verdict is as true without it.
 */
const longestWaitForHistoryMs = 1000;

/** What the service needs. */
export interface VerdictServiceParts {
  readonly config: Config;
  /** Where models are observed. */
  readonly sources: Pick<ModelSources, 'of'>;
  /** Keeps the verdicts. */
  readonly ledger: Ledger;
  readonly lastVerdicts: LastVerdicts;
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
  readonly #questions: QuestionReader;
  readonly #answers: SharedAnswers<GivenVerdict>;
  readonly #evaluations = new FairQueue(evaluationsAtATime);
  #newestMinute = -Infinity;
  #setBacks = 0;

  constructor(parts: VerdictServiceParts) {
    this.#parts = parts;
    this.#questions = new QuestionReader(parts.config);
    this.#answers = new SharedAnswers(parts.config.server.cachedVerdicts);
  }

  /**
   * Answers a question; undefined where it is about a model that the caller may not ask for. Fails only where
   * `asked.read` does, on what is no question at all.
   */
  async answer(asked: AskedQuestion, caller: Caller, ids: RequestIds): Promise<GivenVerdict | undefined> {
    const { config, metrics, now } = this.#parts;
    const question = this.#questions.read(asked, caller, now());
    const { namespace, model } = subjectOf(question);
    // A question that names no model is nobody's.
    if (model !== '' && !caller.may('verdict', namespace, model)) return undefined;
    if (question.kind === 'refused') {
      metrics.verdictAnswers.inc({ from: 'refused' });
      countVerdict(metrics, config, question.document, namespace);
      return new GivenVerdict(question.document);
    }
    const { value, from } = await this.#answerQuestion(question, caller, ids);
    metrics.verdictAnswers.inc({ from });
    countVerdict(metrics, config, value.document, namespace);
    return value;
  }

  async #answerQuestion(
    question: VerdictQuestion,
    caller: Caller,
    ids: RequestIds,
  ): Promise<{ readonly value: GivenVerdict; readonly from: AnswerOrigin }> {
    const { config } = this.#parts;
    const { query } = question.request;
    const { namespace, model } = query;
    const source = this.#parts.sources.of(namespace, model);
    try {
      const deadlineMs = config.server.verdictDeadlineMs;
      return await withDeadline(deadlineMs, async () => {
        const marker = await source.changeMarker(namespace, model);
        // All inputs, the newest settled look, the state of the source, the names that may be told: the same key, the same answer.
        const newestLook = source.newestLook(query);
        // A deadline of its own: others who share this evaluation would wait for ever for one that never ends.
        const key = `${this.#time(question)} ${newestLook} ${marker} ${question.key} ${caller.view('verdict')}`;
        return this.#answers.get(key, () =>
          withDeadline(deadlineMs, (signal) => this.#evaluate(source, question, caller, ids, signal)),
        );
      });
    } catch (error) {
      return { value: this.#holdWithLast(question, this.#failure(error, ids)), from: 'evaluated' };
    }
  }

  /**
   * When answers belong to. After the clock was set back it comes again to looks that were answered long ago, and those
   * answers are not for now. An answer about an earlier time is made anew every minute: where clocks of replicas
   * differ by more than the change marker allows for, it may have missed something.
   */
  #time({ request: { query } }: VerdictQuestion): string {
    if (query.isNow !== true) return `in ${Math.floor(this.#parts.now() / minuteMs)}`;
    // By the clock alone: the newest look of one model may be older than that of another.
    const minute = Math.floor(query.asOfMs / minuteMs);
    if (minute < this.#newestMinute) this.#setBacks++;
    this.#newestMinute = minute;
    return String(this.#setBacks);
  }

  /** In turn with others, but for what is only waiting: a slow server is not to keep those of other sources waiting. */
  async #evaluate(
    source: ObservationSource,
    question: VerdictQuestion,
    caller: Caller,
    ids: RequestIds,
    signal: AbortSignal,
  ): Promise<Answer<GivenVerdict>> {
    const inTurn = (work: () => Promise<Answer<GivenVerdict>>) =>
      this.#evaluations.run(caller.name ?? '', signal, work);
    const stopTimer = this.#parts.metrics.verdictSeconds.startTimer();
    try {
      const { query } = question.request;
      if (!source.isRemote) {
        return await inTurn(async () =>
          this.#judge(await this.#observe(source, query, signal), question, caller, ids, signal),
        );
      }
      const answer = await this.#observe(source, query, signal);
      return await inTurn(() => this.#judge(answer, question, caller, ids, signal));
    } finally {
      stopTimer();
    }
  }

  async #judge(
    answer: ObservationAnswer,
    { request, policy, key }: VerdictQuestion,
    caller: Caller,
    ids: RequestIds,
    signal: AbortSignal,
  ): Promise<Answer<GivenVerdict>> {
    const { metrics, lastVerdicts, logger } = this.#parts;
    const { query, given } = request;
    await nextTurn();
    signal.throwIfAborted();
    const told = withVisibleNames(answer, query.namespace, caller, 'verdict');
    const evaluation = evaluate(policy, questionOf(request), request, told);
    if (evaluation.kind === 'judged') {
      const { document } = evaluation;
      const kept = this.#remember(query, given.step, document, ids);
      const waited = wait(longestWaitForHistoryMs, true, { ref: false });
      lastVerdicts.remember(key, document);
      // One that could not be kept is given anew the next time, and so has another chance.
      return { value: new GivenVerdict(document), keep: await Promise.race([kept, waited]) };
    }
    if (evaluation.lasting) {
      return { value: new GivenVerdict(holdOf(request, policy, evaluation.hold)), keep: true };
    }
    metrics.verdictFailures.inc({ what: 'source' });
    logger.warn({ ...ids, reason: evaluation.hold.code }, 'the source has no observations');
    return { value: this.#holdWithLast({ request, policy, key }, evaluation.hold), keep: false };
  }

  #holdWithLast(
    { request, policy, key }: Pick<VerdictQuestion, 'request' | 'policy' | 'key'>,
    reason: Hold,
  ): GivenVerdict {
    return new GivenVerdict(holdOf(request, policy, this.#parts.lastVerdicts.addTo(key, reason)));
  }

  async #observe(source: ObservationSource, query: ObservationQuery, signal: AbortSignal) {
    const { metrics } = this.#parts;
    const stopTimer = metrics.sourceSeconds.startTimer({ source: source.name });
    const answer = await source.observe(query, signal);
    stopTimer();
    metrics.sourceAnswers.inc({ source: source.name, kind: answer.kind });
    return answer;
  }

  /** Keeps the verdict in the history, says whether it is there, and never fails: that it cannot be kept does not make it less true. */
  async #remember(
    { namespace }: ObservationQuery,
    step: string | undefined,
    document: VerdictDocument,
    ids: RequestIds,
  ): Promise<boolean> {
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
      return true;
    } catch (error) {
      metrics.verdictFailures.inc({ what: 'history' });
      logger.error({ ...ids, verdictId: document.id, err: error }, 'the verdict could not be kept');
      return false;
    } finally {
      stopTimer();
    }
  }

  /** The hold for something that failed; the log has the cause. */
  #failure(error: unknown, ids: RequestIds): Hold {
    const { logger, metrics } = this.#parts;
    if (error instanceof DeadlineError) {
      metrics.verdictFailures.inc({ what: 'deadline' });
      logger.warn({ ...ids, deadlineMs: error.deadlineMs }, 'a verdict took too long');
      return hold(
        'source-unavailable',
        `the observations could not be read and judged within ${error.deadlineMs / 1000} s`,
      );
    }
    if (error instanceof VerdictError && error.code === 'unavailable') {
      metrics.verdictFailures.inc({ what: 'source' });
      logger.warn({ ...ids, err: error }, 'the ledger cannot be read');
      return hold('source-unavailable', error.message);
    }
    metrics.verdictFailures.inc({ what: 'internal' });
    logger.error({ ...ids, err: error }, 'a verdict failed');
    return hold(
      'source-unavailable',
      `the service failed on this question; its log has the cause under request ${ids.requestId}`,
    );
  }
}

function subjectOf(question: ReadQuestion): { readonly namespace: string; readonly model: string } {
  if (question.kind === 'question') return question.request.query;
  return { namespace: question.namespace, model: question.document.model };
}

function questionOf({ given: { guardrail, promoteWith, weight } }: VerdictRequest): Question {
  return {
    ...(guardrail === undefined ? {} : { guardrail }),
    ...(promoteWith === undefined ? {} : { promoteWith }),
    ...(weight === undefined ? {} : { weight }),
  };
}
