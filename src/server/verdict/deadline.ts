import { VerdictError } from '../../domain/errors.js';

/** Says that something did not end in time. */
export class DeadlineError extends VerdictError {
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super('unavailable', `There was no answer within ${deadlineMs} ms.`);
    this.name = 'DeadlineError';
    this.deadlineMs = deadlineMs;
  }
}

/**
 * Runs work that has to end within a time, and tells it by a signal when that is over.
 * @throws DeadlineError when the work has not ended by then, whether or not it heeds the signal
 */
export async function withDeadline<T>(
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new DeadlineError(deadlineMs);
      controller.abort(error);
      reject(error);
    }, deadlineMs);
  });
  try {
    return await Promise.race([work(controller.signal), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
