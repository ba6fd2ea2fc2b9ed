import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Deadline } from '../../sources/prometheus/server/exchange/deadline.js';
import type { JudgedModel, StageAnswer, StageJudge } from '../driver/stage-judge.js';
import type { VerdictRequest } from '../machine/verdict-request.js';
import { readStageVerdict } from './read-stage-verdict.js';
import { stageQuestion } from './stage-question.js';

/** Where a service is, and how it lets us in. */
export interface HttpJudgeOptions {
  /** `http://ml-verdict.ml-verdict:8080`. */
  readonly url: string;
  /** Holds a token of scope `verdict`; read anew for each question, so that it may be replaced. */
  readonly tokenFile?: string | undefined;
  /** Of the authorities that may have signed its certificate, PEM; absent: those that Node.js knows. */
  readonly authorityFile?: string | undefined;
  /** Absent: 15 s. */
  readonly timeoutMs?: number | undefined;
}

const longestAnswerBytes = 4 * 1024 * 1024;

/** Asks a service of ml-verdict over HTTP: its history then has every verdict that moved a canary. */
export class HttpJudge implements StageJudge {
  readonly #options: HttpJudgeOptions;
  readonly #url: URL;
  #agent: Promise<HttpAgent> | undefined;

  /** @throws TypeError where the address is none */
  constructor(options: HttpJudgeOptions) {
    this.#options = options;
    this.#url = new URL('v1/verdict', options.url.endsWith('/') ? options.url : `${options.url}/`);
  }

  async ask(model: JudgedModel, request: VerdictRequest, signal: AbortSignal): Promise<StageAnswer> {
    const deadline = new Deadline(signal, this.#options.timeoutMs ?? 15_000);
    try {
      const body = JSON.stringify(stageQuestion(model, request));
      const { status, text } = await this.#post(body, await this.#headers(), deadline.signal);
      if (status !== 200) return { kind: 'unavailable', reason: `the service answered with ${status}` };
      return readStageVerdict(request, JSON.parse(text));
    } catch (error) {
      return { kind: 'unavailable', reason: reasonOf(error) };
    } finally {
      deadline.dispose();
    }
  }

  /** Closes the connections that are kept. */
  async close(): Promise<void> {
    (await this.#agent)?.destroy();
  }

  async #headers(): Promise<Readonly<Record<string, string>>> {
    const { tokenFile } = this.#options;
    const common = { 'content-type': 'application/json', accept: 'application/json' };
    if (tokenFile === undefined) return common;
    const token = (await readFile(tokenFile, 'utf8')).trim();
    return { ...common, authorization: `Bearer ${token}` };
  }

  async #connect(): Promise<HttpAgent> {
    if (this.#url.protocol !== 'https:') return new HttpAgent({ keepAlive: true, maxSockets: 32 });
    const { authorityFile } = this.#options;
    const ca = authorityFile === undefined ? undefined : await readFile(authorityFile);
    return new HttpsAgent({ keepAlive: true, maxSockets: 32, ...(ca === undefined ? {} : { ca }) });
  }

  async #post(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.#agent ??= this.#connect();
    const agent = await this.#agent.catch((error: unknown) => {
      // A file that is not there yet may be there the next time.
      this.#agent = undefined;
      throw error;
    });
    const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      send(this.#url, { method: 'POST', headers, agent, signal }, resolve).on('error', reject).end(body);
    });
    return { status: answer.statusCode ?? 0, text: await bodyOf(answer) };
  }
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestAnswerBytes) throw new RangeError('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Names what happened, never what was sent: a message of Node.js may repeat a header. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'the answer is not JSON';
  if (error instanceof RangeError) return error.message;
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'the service did not answer in time';
  if (code === 'ERR_INVALID_CHAR') return 'the token file holds more than a token';
  return `the service cannot be asked (${typeof code === 'string' ? code : 'no answer'})`;
}
