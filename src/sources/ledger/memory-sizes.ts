/**
 * What counts take in memory, in bytes, as measured on Node.js with 64-bit pointers. They are grown by small steps a
 * million times over, so their sizes are added up as they grow; nothing asks the heap.
 */

/** A map or a set that is empty: it has room for four entries. */
const emptyMapBytes = 184;
const firstEntries = 4;

/** A place for an entry, of which there are twice as many whenever they are all taken. */
const entryBytes = 28;

/** The counts of a version's minute, without what is in its three maps. */
export const minuteBytes = 88 + 3 * emptyMapBytes;

/** The counts of an output in a minute, without its bins or labels. */
export const outputBytes = 48 + emptyMapBytes;

/** The sum of an outcome in a minute. */
export const outcomeBytes = 120;

/** A version, with a map of minutes that is empty. */
export const versionBytes = emptyMapBytes;

/** A model without anything: its maps, and lists of ids that are empty. */
export const modelBytes = 352 + 4 * emptyMapBytes + 2 * 120;

/** What a map takes more with its newest entry, which made it so large. */
export function grownBytes(size: number): number {
  const before = size - 1;
  const isFull = before >= firstEntries && (before & (before - 1)) === 0;
  return isFull ? before * entryBytes : 0;
}

/** What a map or a set of some size takes. */
export function mapBytes(size: number): number {
  const places = 2 ** Math.ceil(Math.log2(Math.max(size, firstEntries)));
  return emptyMapBytes + (places - firstEntries) * entryBytes;
}

/** What a text takes. */
export function textBytes(text: string): number {
  const perCharacter = isNarrow.test(text) ? 1 : 2;
  return 16 + 8 * Math.ceil((text.length * perCharacter) / 8);
}

const isNarrow = /^[\0-\xff]*$/;
