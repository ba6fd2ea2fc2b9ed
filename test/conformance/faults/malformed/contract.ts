import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Route } from '../../../../src/server/routes/route.js';
import type { WireAnswer } from './exchange.js';
import type { SentRequest } from './sent-request.js';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

/** The parts of an OpenAPI document that are needed. */
export interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Content>> }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** Node.js takes heads of 16 KiB; a target of more than half of that may be too much with its headers. */
const longTarget = 8000;

/** Says whether answers are what the OpenAPI document promises. */
export class Contract {
  readonly #document: OpenApi;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #validators = new Map<object, ValidateFunction>();
  readonly #problem: ValidateFunction;

  constructor(document: OpenApi) {
    this.#document = document;
    this.#ajv.addSchema({ $id: 'openapi:', components: document.components });
    this.#problem = this.#compile({ $ref: '#/components/schemas/Problem' });
  }

  /** Fails unless a request that is HTTP got an answer that its route promises. */
  checkAnswer(route: Route, { method, target }: SentRequest, answer: WireAnswer): void {
    assert.ok(answer.status < 500, 'the service failed');
    const operation = this.#document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    if (operation === undefined) {
      if (method === 'HEAD' && route.head) return;
      // A path that cannot be decoded is looked at before the method.
      assert.ok([400, 405].includes(answer.status), `${answer.status}, expected 405`);
      if (answer.status === 405) assert.ok(answer.headers.has('allow'));
      if (method !== 'HEAD') this.#checkProblem(answer);
      return;
    }
    if (answer.status === 431 && target.length > longTarget) {
      this.#checkProblem(answer);
      return;
    }
    const content = operation.responses[answer.status]?.content;
    assert.ok(
      content !== undefined,
      `OpenAPI has no ${answer.status} of this operation: ${answer.body.toString().slice(0, 500)}`,
    );
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    assert.ok(type in content, `OpenAPI has no ${type} there`);
    const schema = content[type]?.schema;
    assert.ok(answer.body.length > 0, 'the answer is empty');
    if (schema !== undefined) this.#check(this.#validator(schema), answer);
  }

  /** Fails unless what may not even be HTTP got an answer that a client can read. */
  checkAnswerToAnything(answer: WireAnswer): void {
    assert.ok(answer.status < 500, 'the service failed');
    if (answer.headers.get('content-type')?.startsWith('application/problem+json') === true) {
      this.#checkProblem(answer);
      return;
    }
    assert.equal(answer.status, 200);
    assert.ok(answer.body.length > 0, 'the answer is empty');
  }

  #checkProblem(answer: WireAnswer): void {
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    this.#check(this.#problem, answer);
  }

  #check(validate: ValidateFunction, { body }: WireAnswer): void {
    const document: unknown = JSON.parse(body.toString());
    assert.ok(validate(document), JSON.stringify(validate.errors));
  }

  #validator(schema: object): ValidateFunction {
    const known = this.#validators.get(schema);
    if (known !== undefined) return known;
    const validate = this.#compile(schema);
    this.#validators.set(schema, validate);
    return validate;
  }

  /** References are those of the document. */
  #compile(schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi:#/components');
    return this.#ajv.compile(JSON.parse(text) as object);
  }
}
