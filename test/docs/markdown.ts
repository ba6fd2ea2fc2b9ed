/** The parts of a Markdown text that can be tried: fenced blocks, links, headings, rows of tables. */

/** A fenced block, without the indentation of its fence. */
export interface Block {
  /** The first word behind the fence: `sh`, `json`, …; empty where there is none. */
  readonly language: string;
  readonly text: string;
  /** Line of the fence in the document, from 1. */
  readonly line: number;
  /** The heading that the block stands under, without its marks. */
  readonly heading: string;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Markdown {
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
  /** Headings without their marks, in order. */
  readonly headings: readonly string[];
  /** The cells of every table row, those of heads included, with the heading that the table stands under. */
  readonly rows: readonly { readonly heading: string; readonly cells: readonly string[] }[];
}

const fencePattern = /^(\s*)(`{3,})([\w-]*)/;
const linkPattern = /\[[^\]]*\]\(([^()\s]+)\)/g;

/** Reads a document line by line. Code spans are no links, and nothing inside a block is read as Markdown. */
export function readMarkdown(text: string): Markdown {
  const blocks: Block[] = [];
  const links: Link[] = [];
  const headings: string[] = [];
  const rows: { heading: string; cells: readonly string[] }[] = [];
  let open:
    { readonly block: Omit<Block, 'text'>; readonly fence: string; readonly indent: number } | undefined;
  let lines: string[] = [];
  text.split('\n').forEach((line, index) => {
    const heading = headings.at(-1) ?? '';
    const [, indent = '', fence, language = ''] = fencePattern.exec(line) ?? [];
    if (open !== undefined) {
      if (line.trim() === open.fence) {
        blocks.push({ ...open.block, text: lines.map((inner) => `${inner}\n`).join('') });
        open = undefined;
      } else lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    } else if (fence !== undefined) {
      open = { block: { language, line: index + 1, heading }, fence, indent: indent.length };
      lines = [];
    } else if (/^#{1,6} /.test(line)) headings.push(line.replace(/^#+ /, '').trim());
    else {
      if (line.startsWith('|') && !/^[|\s:-]+$/.test(line)) rows.push({ heading, cells: cellsOf(line) });
      const prose = line.replace(/`[^`]*`/g, '');
      for (const [, target = ''] of prose.matchAll(linkPattern)) links.push({ target, line: index + 1 });
    }
  });
  if (open !== undefined) throw new Error(`the block that begins in line ${open.block.line} has no end`);
  return { blocks, links, headings, rows };
}

/** The cells of a row; a `|` that belongs to a cell is written `\|`. */
function cellsOf(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** The anchor that a heading gets on a web page: lower case, no punctuation, hyphens for spaces. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
