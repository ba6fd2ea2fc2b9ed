import { pictureBlock } from '../../support/pages/picture-block.js';
import { formatted, readRepositoryFile, type GeneratedFiles } from '../../support/pages/repository-files.js';
import {
  consoleBlock,
  exampleBlock,
  examplePath,
  relativePolicy,
  relativePolicyPath,
} from './example-block.js';
import { examples } from './examples/index.js';
import { fillPage } from './fill-page.js';
import { drawPictures, type Picture } from './pictures/index.js';

export const pagePath = 'docs/how-verdicts-are-made.md';

const pictureFolder = 'pictures/how-verdicts-are-made';

/** The observations and the policy of the worked examples, by path from the root of the repository. */
export async function madeExamples(): Promise<GeneratedFiles> {
  const files = examples.map((example) => [examplePath(example), example.file] as const);
  const made = new Map<string, string>();
  for (const [path, value] of [...files, [relativePolicyPath, relativePolicy] as const]) {
    made.set(path, await formatted(path, JSON.stringify(value)));
  }
  return made;
}

/** The page with its blocks made anew, and its pictures. The examples have to be on disk: commands read them. */
export async function madePage(): Promise<GeneratedFiles> {
  const pictures = drawPictures();
  const page = readRepositoryFile(pagePath);
  return new Map([
    ...pictures.map(({ name, svg }) => [`docs/${pictureFolder}/${name}.svg`, svg] as const),
    [pagePath, await formatted(pagePath, fillPage(page, await madeBlocks(pictures)))] as const,
  ]);
}

/** Commands that the recipe shows. */
const commands: Readonly<Record<string, string>> = {
  judge: 'judge docs/examples/healthy-canary.json docs/examples/drifted-canary.json -g prediction-drift',
  replay:
    'replay docs/examples/drifted-canary.json -g prediction-drift --set rollbackAbove=0.25 --set promoteBelow=0.15',
  plan: 'plan --rps 10 --weight 5% --within 30m --set business-proxy.ifUndecided=pass',
};

/** Lines that nobody reads in a page are left out: very long ones, and those in the middle of many that are alike. */
function readable(output: string): string {
  const lines = output.split('\n').map((line) => (line.length > 250 ? '…' : line));
  const many = 14;
  return (lines.length < many ? lines : [...lines.slice(0, 9), '…', ...lines.slice(-2)]).join('\n');
}

async function madeBlocks(pictures: readonly Picture[]): Promise<ReadonlyMap<string, string>> {
  const blocks = new Map<string, string>();
  for (const { name, title, caption } of pictures) {
    blocks.set(`picture ${name}`, pictureBlock(title, `${pictureFolder}/${name}.svg`, caption));
  }
  for (const example of examples) blocks.set(`example ${example.name}`, await exampleBlock(example));
  for (const [name, command] of Object.entries(commands)) {
    blocks.set(`console ${name}`, await consoleBlock(command.split(' '), readable));
  }
  return blocks;
}
