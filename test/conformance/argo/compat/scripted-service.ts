import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Answer } from './answers.js';

const question = z.object({
  namespace: z.string(),
  model: z.string(),
  guardrail: z.string().optional(),
  promoteWith: z.string().optional(),
  weight: z.string().optional(),
});

/** One request, as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Namespace and model, as in `ml/fraud-detector`; empty where there is no body. */
  readonly about: string;
  /** Absent where the combined verdict is asked for. */
  readonly guardrail: string | undefined;
  /** Whether it comes from the background, which promotes nothing. */
  readonly isWatch: boolean;
  /** The weight of the step, which a watch does not tell. */
  readonly weight: string | undefined;
}

/**
 * Decides the answer.
 * @param earlier how often the same was asked before
 */
export type Script = (asked: Asked, earlier: number) => Answer;

/** One answer after the other; the last one from then on. */
export function inTurn(...answers: readonly [Answer, ...Answer[]]): Script {
  return (_, earlier) => answers[Math.min(earlier, answers.length - 1)] ?? answers[0];
}

const nobody: Answer = { status: 404 };

/** Answers as told, a script for every namespace and model. */
export class ScriptedService {
  readonly asked: Asked[] = [];
  readonly #server: Server;
  readonly #scripts: ReadonlyMap<string, Script>;
  #port = 0;

  private constructor(scripts: ReadonlyMap<string, Script>) {
    this.#scripts = scripts;
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method = '', url: path = '', headers } = request;
        this.#answer({ method, path, headers, body, ...readQuestion(body) }, response);
      });
    });
  }

  /** @param port absent: one that is free */
  static async start(scripts: ReadonlyMap<string, Script>, port = 0): Promise<ScriptedService> {
    const service = new ScriptedService(scripts);
    await once(service.#server.listen(port, '127.0.0.1'), 'listening');
    const address = service.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it has no port');
    service.#port = address.port;
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  of(about: string): readonly Asked[] {
    return this.asked.filter((one) => one.about === about);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(asked: Asked, response: ServerResponse): void {
    const isSame = ({ guardrail, isWatch }: Asked) =>
      guardrail === asked.guardrail && isWatch === asked.isWatch;
    const earlier = this.of(asked.about).filter(isSame).length;
    this.asked.push(asked);
    const script = this.#scripts.get(asked.about) ?? (() => nobody);
    const {
      status = 200,
      body,
      contentType = 'application/json',
      location,
      afterMs,
    } = script(asked, earlier);
    const send = () => {
      response.writeHead(status, {
        ...(body === undefined ? {} : { 'Content-Type': contentType }),
        ...(location === undefined ? {} : { Location: location }),
      });
      response.end(body);
    };
    if (afterMs === undefined) send();
    else setTimeout(send, afterMs);
  }
}

/** A redirect that was followed has lost its body. */
function readQuestion(body: string): Pick<Asked, 'about' | 'guardrail' | 'isWatch' | 'weight'> {
  if (body === '') return { about: '', guardrail: undefined, isWatch: false, weight: undefined };
  const { namespace, model, guardrail, promoteWith, weight } = question.parse(JSON.parse(body));
  return {
    about: `${namespace}/${model}`,
    guardrail,
    isWatch: guardrail !== undefined && promoteWith === undefined,
    weight,
  };
}
