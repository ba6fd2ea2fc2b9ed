const placeholder = /\{\{([^{}]*)\}\}/g;

/** A `{{ … }}` in a text; `arg` is the argument that it names, undefined where it names none. */
export interface Placeholder {
  readonly whole: string;
  readonly arg: string | undefined;
}

export function placeholdersIn(text: string): readonly Placeholder[] {
  return [...text.matchAll(placeholder)].map(([whole, tag = '']) => ({
    whole,
    arg: /^args\.(\S+)$/.exec(tag.trim())?.[1],
  }));
}

/** The argument that a text consists of, undefined where it is anything else: `{{ args.weight }}`. */
export function onlyArgument(text: string): string | undefined {
  const [first] = placeholdersIn(text);
  return first?.whole === text.trim() ? first.arg : undefined;
}

/** The text with the arguments filled in; undefined where the value of one is not known. */
export function filled(text: string, values: ReadonlyMap<string, string>): string | undefined {
  const isKnown = ({ arg }: Placeholder) => arg !== undefined && values.has(arg);
  if (!placeholdersIn(text).every(isKnown)) return undefined;
  return text.replace(placeholder, (whole: string) => {
    const [found] = placeholdersIn(whole);
    return values.get(found?.arg ?? '') ?? whole;
  });
}
