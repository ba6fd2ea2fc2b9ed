/**
 * Compares what a document shows with what really came. `…` stands for what differs from call to call or is left out:
 * in a JSON value or inside a text for anything, as a member `"…": "…"` for further members of an object, as the last
 * element of a list for further elements, and as a line of its own for lines of output.
 */

const anything = '…';

/** Where an answer differs from the shown one; empty where it does not. */
export function differences(shown: unknown, actual: unknown, path = ''): readonly string[] {
  if (typeof shown === 'string' && shown.includes(anything)) {
    const matches =
      shown === anything ? actual !== undefined : typeof actual === 'string' && fits(shown, actual);
    return matches ? [] : [told(path, shown, actual)];
  }
  if (Array.isArray(shown) && Array.isArray(actual)) return listDifferences(shown, actual, path);
  if (isRecord(shown) && isRecord(actual)) return recordDifferences(shown, actual, path);
  return Object.is(shown, actual) ? [] : [told(path, shown, actual)];
}

function listDifferences(
  shown: readonly unknown[],
  actual: readonly unknown[],
  path: string,
): readonly string[] {
  const open = shown.at(-1) === anything;
  const elements = open ? shown.slice(0, -1) : shown;
  const wrongLength = open ? actual.length < elements.length : actual.length !== elements.length;
  return [
    ...(wrongLength ? [`${path}: ${elements.length} elements are shown, there are ${actual.length}`] : []),
    ...elements.flatMap((element, index) => differences(element, actual[index], `${path}[${index}]`)),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

function recordDifferences(shown: Fields, actual: Fields, path: string): readonly string[] {
  const keys = Object.keys(shown).filter((key) => key !== anything);
  const left = anything in shown ? [] : Object.keys(actual).filter((key) => !keys.includes(key));
  return [
    ...left.map((key) => `${path}.${key}: is not shown`),
    ...keys.flatMap((key) => differences(shown[key], actual[key], `${path}.${key}`)),
  ];
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a text is the shown one with anything in place of each `…`. */
function fits(shown: string, actual: string): boolean {
  const pieces = shown
    .split(anything)
    .map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${pieces.join('[\\s\\S]*')}$`).test(actual);
}

function told(path: string, shown: unknown, actual: unknown): string {
  return `${path}: shown ${JSON.stringify(shown)}, really ${JSON.stringify(actual)}`;
}

/** Whether output is the shown one, where a line `…` stands for any number of lines. */
export function isOutput(shown: string, actual: string): boolean {
  return fits(shown.replaceAll(/^…\n/gm, anything), actual);
}
