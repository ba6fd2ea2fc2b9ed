import { z } from 'zod';
import { quote } from '../domain/parsing.js';

/**
 * The fields of a line, each twice: as a schema, for the description of the interface, and as a check by hand,
 * which reads a million lines in the time in which the schema reads a hundred thousand. A test holds them equal.
 */

export const maximumNameLength = 253;
export const maximumIdLength = 512;
/** Larger outcomes would leave no room for the sum of their squares. */
export const maximumOutcome = 1e100;

/** Control characters and halves of surrogate pairs: no database keeps them as they are. */
const unstorable = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
const storable = /^(?:(?![\u0000-\u001f\u007f]|\p{Surrogate})[^])*$/u;

const nameExpected = `a text of 1 to ${maximumNameLength} characters without control characters`;
const idExpected = `a text of 1 to ${maximumIdLength} characters without control characters`;
const instantExpected = 'an ISO 8601 time with its offset such as "2026-01-05T10:00:00Z"';

/** Names of models, versions, namespaces, outputs and outcomes, and labels. */
export const nameSchema = z.string().min(1).max(maximumNameLength).regex(storable);
export const idSchema = z.string().min(1).max(maximumIdLength).regex(storable);
export const instantSchema = z.iso.datetime({ offset: true });

/** Why a line is refused: the field (empty: the whole line) and what was expected. */
export interface LineProblem {
  readonly field: string;
  readonly reason: string;
}

export function isName(value: unknown): value is string {
  return isText(value, maximumNameLength);
}

function isText(value: unknown, maximum: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maximum && !unstorable.test(value);
}

/** The problem of a field that has to be a name, or undefined. */
export function checkName(field: string, value: unknown): LineProblem | undefined {
  return isName(value) ? undefined : unexpected(field, nameExpected, value);
}

/** The same for a field that may be left out. */
export function checkOptionalName(field: string, value: unknown): LineProblem | undefined {
  return value === undefined ? undefined : checkName(field, value);
}

/** The problem of an id; its value is never told. */
export function checkOptionalId(value: unknown): LineProblem | undefined {
  if (value === undefined || isText(value, maximumIdLength)) return undefined;
  return unexpected('id', idExpected, value, false);
}

/** The window of time in which events are taken, and what an event without a time gets. */
export interface TimeWindow {
  readonly nowMs: number;
  readonly maxAgeMs: number;
  readonly maxAheadMs: number;
}

/** The instant of an event in milliseconds since the epoch, or its problem. */
export function readInstant(value: unknown, window: TimeWindow): number | LineProblem {
  if (value === undefined) return window.nowMs;
  const atMs = typeof value === 'string' ? parseInstant(value) : NaN;
  if (Number.isNaN(atMs)) return unexpected('at', instantExpected, value);
  if (atMs < window.nowMs - window.maxAgeMs) {
    const days = Math.round((window.maxAgeMs / 86_400_000) * 10) / 10;
    return unexpected('at', `a time of at most ${days} days ago`, value);
  }
  if (atMs > window.nowMs + window.maxAheadMs) {
    return unexpected('at', `a time at most ${Math.round(window.maxAheadMs / 1000)} s ahead`, value);
  }
  return atMs;
}

const instantPattern = z.regexes.datetime({ offset: true });

// Most events of a body are of the same minute: its first 17 characters are read once.
let minuteText = '';
let minuteStartMs = NaN;
const secondsPattern = /^[0-5]\d(?:\.\d{1,3})?Z$/;

function parseInstant(text: string): number {
  const rest = text.slice(17);
  if (text.startsWith(minuteText) && minuteText !== '' && secondsPattern.test(rest)) {
    return minuteStartMs + Math.round(Number(rest.slice(0, -1)) * 1000);
  }
  if (!instantPattern.test(text)) return NaN;
  const atMs = Date.parse(text);
  if (secondsPattern.test(rest)) {
    minuteText = text.slice(0, 17);
    minuteStartMs = Math.floor(atMs / 60_000) * 60_000;
  }
  return atMs;
}

/** `expected …, got …` of a field; the value is told unless it may be payload. */
export function unexpected(field: string, expected: string, value: unknown, showValue = true): LineProblem {
  if (value === undefined) return { field, reason: `missing; expected ${expected}` };
  return { field, reason: `expected ${expected}, got ${showValue ? quote(value) : typeOf(value)}` };
}

/** What a value is, without the value. */
export function typeOf(value: unknown): string {
  return typeof value === 'boolean' ? 'a boolean' : quote(value, false);
}

/** The line as a record of its fields, or its problem. */
export function readRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
