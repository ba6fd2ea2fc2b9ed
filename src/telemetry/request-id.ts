import { randomUUID } from 'node:crypto';

const sane = /^[\w.:-]{1,128}$/;

/** The caller's request id where it is short and plain, so that it can be put into a log and a header; else a new one. */
export function requestIdFrom(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && sane.test(given) ? given : randomUUID();
}
