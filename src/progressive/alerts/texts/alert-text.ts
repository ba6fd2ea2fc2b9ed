import type { AlertMessage } from '../alert-message.js';
import { alertTexts } from './alert-texts.js';

/** An alert in words, the same for all receivers. */
export interface AlertText {
  /** A few words: what happened to which model. */
  readonly title: string;
  /** One sentence with the reason. */
  readonly text: string;
  /** What a person can do next, the first thing first; commands as they are typed, in backticks. */
  readonly next: readonly string[];
}

/** Puts an alert into words. */
export function alertText(message: AlertMessage): AlertText {
  const { title, next } = alertTexts[message.alert.kind];
  return { title: title(message), text: message.alert.text, next: next.map((write) => write(message)) };
}
