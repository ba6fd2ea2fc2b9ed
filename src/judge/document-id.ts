import { createHash } from 'node:crypto';
import type { ArmCounts, BeforeLook, Look, Observations } from '../domain/observations.js';
import type { Policy } from '../domain/policy.js';
import type { Question } from './question.js';

/** Hex digits of a hash that are kept: 80 bits are plenty to tell documents of one history apart. */
const hashLength = 20;

function hash(parts: readonly string[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\n');
  return digest.digest('hex').slice(0, hashLength);
}

/** A hash of a policy's settings; its name does not count. */
export function policyHash(policy: Policy): string {
  return hash([JSON.stringify({ ...policy, name: undefined })]);
}

/** A hash of policy, observations and question: same inputs, same id. */
export function documentId(policy: Policy, observations: Observations, question: Question): string {
  const { looks, before, outcomesByArrival = [], ...others } = observations;
  // Without such outcomes the id is the same, however a source says so.
  const head = outcomesByArrival.length === 0 ? others : { ...others, outcomesByArrival };
  const asOfMs = observations.asOfMs;
  const settled = asOfMs === undefined ? looks : looks.filter((look) => look.endMs <= asOfMs);
  return hash([
    JSON.stringify(policy),
    JSON.stringify([question.guardrail, question.promoteWith, question.weight]),
    JSON.stringify(head),
    ...before.map(lookHash),
    ...settled.map(lookHash),
  ]);
}

/** Looks are read many times, once a verdict: their hash is kept as long as they live. */
const lookHashes = new WeakMap<Look | BeforeLook, string>();

function lookHash(look: Look | BeforeLook): string {
  const known = lookHashes.get(look);
  if (known !== undefined) return known;
  const content = new LookContent();
  content.number(look.startMs, look.endMs);
  if ('canary' in look) content.arm('canary', look.canary);
  if ('weight' in look) content.text('weight').number(look.weight ?? -1);
  content.arm('stable', look.stable);
  const text = content.hash();
  lookHashes.set(look, text);
  return text;
}

/**
 * What a look says, as words and numbers in the order in which they come: a histogram's numbers as the bytes of their
 * doubles, which costs a fraction of their text. Lengths go with every list, so that no two contents are the same.
 */
class LookContent {
  readonly #words: string[] = [];
  #numbers = new Float64Array(256);
  #count = 0;

  number(...values: readonly number[]): this {
    return this.numbers(values);
  }

  numbers(values: readonly number[]): this {
    const end = this.#count + values.length + 1;
    if (end > this.#numbers.length) {
      const larger = new Float64Array(2 * end);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#count++] = values.length;
    // -0 and 0 are the same count, with other bytes.
    for (const value of values) this.#numbers[this.#count++] = value === 0 ? 0 : value;
    return this;
  }

  text(...words: readonly string[]): this {
    for (const word of words) this.#words.push(word);
    return this;
  }

  arm(name: string, arm: ArmCounts | undefined): void {
    if (arm === undefined) return;
    this.text(name).number(arm.requests, arm.errors);
    if (arm.errorsUnmeasured === true) this.text('errors unmeasured');
    const { latency } = arm;
    if (latency !== undefined) {
      this.text('latency', numbersHash(latency.boundsMs)).numbers(latency.counts);
    }
    for (const [quantile, milliseconds] of arm.quantiles ?? []) {
      this.text('quantile').number(quantile, milliseconds);
    }
    for (const [output, predictions] of arm.predictions) {
      this.text('predictions', output, predictions.kind);
      if (predictions.kind === 'scores') this.text(numbersHash(predictions.edges));
      else {
        this.number(predictions.labels.length);
        for (const label of predictions.labels) this.text(label);
      }
      this.numbers(predictions.counts);
    }
    for (const [outcome, { count, sum, sumOfSquares }] of arm.outcomes) {
      this.text('outcome', outcome).number(count, sum, sumOfSquares);
    }
  }

  hash(): string {
    return createHash('sha256')
      .update(JSON.stringify(this.#words))
      .update(this.#numbers.subarray(0, this.#count))
      .digest('hex')
      .slice(0, hashLength);
  }
}

/** Bounds and edges are the same array in many looks. */
const numbersHashes = new WeakMap<readonly number[], string>();

function numbersHash(values: readonly number[]): string {
  const known = numbersHashes.get(values);
  if (known !== undefined) return known;
  const text = new LookContent().numbers(values).hash();
  numbersHashes.set(values, text);
  return text;
}
