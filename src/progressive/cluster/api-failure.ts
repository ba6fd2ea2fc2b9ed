import type { IncomingMessage } from 'node:http';
import type { ApiFailure } from './cluster-api.js';
import type { ApiResponse } from './api-connection.js';

const longestReason = 500;
const longestRetryMs = 60_000;

/** What an answer that is not a success means. */
export function apiFailure(response: ApiResponse): ApiFailure {
  if (response.kind === 'no-answer') return { kind: 'unavailable', reason: response.reason };
  const { head, text } = response;
  const status = head.statusCode ?? 0;
  const reason = messageOf(text) ?? `the API server answered ${status}`;
  switch (status) {
    case 404:
      return { kind: 'not-found', reason };
    case 409:
      return { kind: 'conflict', reason };
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return { kind: 'invalid', reason };
    case 403:
      return { kind: 'forbidden', reason };
    default: {
      const retryAfterMs = retryAfter(head);
      return { kind: 'unavailable', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
  }
}

/** The `message` of a Status, as far as it is one. */
export function messageOf(text: string): string | undefined {
  try {
    const status: unknown = JSON.parse(text);
    if (typeof status !== 'object' || status === null || !('message' in status)) return undefined;
    if (typeof status.message !== 'string' || status.message === '') return undefined;
    return status.message.length > longestReason
      ? `${status.message.slice(0, longestReason - 1)}…`
      : status.message;
  } catch {
    return undefined;
  }
}

/** API servers give whole seconds. */
function retryAfter({ headers }: IncomingMessage): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestRetryMs) : undefined;
}
