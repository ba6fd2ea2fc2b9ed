import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { requestIdFrom } from '../../telemetry/request-id.js';
import { whenAnswered } from './when-over.js';
import { problem, type Problem } from './problem.js';
import { instanceOf } from './send-problem.js';

/** Answers what is not even HTTP, or did not arrive in time, with problem details instead of an empty body. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Duplex | Socket): void {
  // Whoever does not get as far as HTTP, a TLS handshake that was never made for example, could not read an answer.
  if (!/^(?:HPE_|ERR_HTTP_)/.test(error.code ?? '') || !socket.writable) {
    socket.destroy();
    return;
  }
  // What was asked before on the same connection is answered first.
  whenAnswered(socket, () => {
    if (socket.writable) answer(error, socket);
  });
}

function answer(error: Error & { readonly code?: string }, socket: Duplex | Socket): void {
  const told = problemOfParser(error.code);
  const requestId = requestIdFrom(undefined);
  const body = JSON.stringify({ ...told, instance: instanceOf(requestId) });
  socket.end(
    [
      `HTTP/1.1 ${told.status} ${reasonPhrases[told.status] ?? 'Bad Request'}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      `X-Request-Id: ${requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function problemOfParser(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return problem(
      'headers-too-large',
      'The path with its query and the headers are larger than the service takes.',
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return problem(
      'timeout',
      'The request did not arrive as a whole within the time that the service waits.',
    );
  }
  return problem('invalid-input', 'The request is not well-formed HTTP.');
}
