/** A block of the page that is made: everything between `<!-- made: NAME -->` and the next `<!-- end -->`. */
const blockPattern = /(<!-- made: ([\w -]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** Names of the blocks of a page, in order. */
export function blockNames(page: string): readonly string[] {
  return [...page.matchAll(blockPattern)].map(([, , name = '']) => name);
}

/**
 * The page with every block made anew; what stands around them stays.
 *
 * @throws RangeError where a block has no maker
 */
export function fillPage(page: string, blocks: ReadonlyMap<string, string>): string {
  return page.replace(blockPattern, (_, begin: string, name: string, end: string) => {
    const made = blocks.get(name);
    if (made === undefined) throw new RangeError(`nobody makes the block "${name}"`);
    return `${begin}\n${made}\n\n${end}`;
  });
}
