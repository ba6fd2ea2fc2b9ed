import { createReceiver, unusableFiles, type AlertReceiver } from '../progressive/alerts/index.js';
import type { Config } from './config.js';

type AlertParts = Pick<Config, 'alerts'>;

/** The receivers that a config names, in its order. */
export function alertReceivers({ alerts }: AlertParts, now: () => number): readonly AlertReceiver[] {
  return alerts.receivers.map((settings) => createReceiver(settings, now));
}

/** What keeps alerts from being delivered from here: files of secrets that are missing, empty or not what they should be. */
export async function alertWarnings({ alerts }: AlertParts): Promise<readonly string[]> {
  const problems = await Promise.all(alerts.receivers.map((settings) => unusableFiles(settings)));
  return alerts.receivers.flatMap(({ name }, index) =>
    (problems[index] ?? []).map((problem) => `alerts.receivers[${index}] (${name}): ${problem}`),
  );
}
