import { VerdictError } from '../domain/errors.js';
import type { Observations } from '../domain/observations.js';
import type { Verdict, VerdictDocument } from '../domain/verdict.js';
import { judge, replay } from '../judge/index.js';
import type { AddCommand, CommandContext } from './commands.js';
import { exitStatus, judgeStatus } from './exit-status.js';
import { formatDocuments } from './output/format.js';
import { printable } from './output/printable.js';
import { verdictTable, type FiledDocument } from './output/verdict-table.js';
import { addJudgeOptions, readAsked, type Asked, type JudgeOptions } from './policy-options.js';
import { readObservationsFile } from './read-observations-file.js';
import { withProgress } from './output/progress.js';

type Judging = (asked: Asked, observations: Observations) => Iterable<VerdictDocument>;

/** `judge`: one verdict per observations file. */
export const addJudgeCommand: AddCommand = (program, context) => {
  addJudgeOptions(program.command('judge'))
    .description('judge recorded observations: one verdict per file')
    .argument('<files...>', 'observations files; - is standard input')
    .addHelpText(
      'after',
      '\nExit status: 3 if any file was refused, else 1 if any verdict is rollback, else 2 if any is hold, else 0.',
    )
    .action(async (files: readonly string[], options: JudgeOptions) => {
      const judged = await judgeFiles(files, options, context, ({ policy, question }, observations) => [
        judge(policy, observations, question),
      ]);
      if (judged === undefined) return;
      context.setStatus(judgeStatus(judged.verdicts, judged.refused));
    });
};

/** `replay`: one verdict after every look, to tune a policy on recorded canaries. */
export const addReplayCommand: AddCommand = (program, context) => {
  addJudgeOptions(program.command('replay'))
    .description('judge recorded observations after every look, as if asked each time')
    .argument('<files...>', 'observations files; - is standard input')
    .addHelpText('after', '\nExit status: 3 if any file was refused, else 0.')
    .action(async (files: readonly string[], options: JudgeOptions) => {
      const judged = await judgeFiles(files, options, context, ({ policy, question }, observations) =>
        replay(policy, observations, question),
      );
      if (judged !== undefined) context.setStatus(judged.refused ? exitStatus.refused : exitStatus.ok);
    });
};

interface JudgedFiles {
  readonly verdicts: readonly Verdict[];
  readonly refused: boolean;
}

/** Judges every file that can be read; each refused one is one message. Undefined where the options are refused. */
async function judgeFiles(
  files: readonly string[],
  options: JudgeOptions,
  context: CommandContext,
  judging: Judging,
): Promise<JudgedFiles | undefined> {
  const asked = readAsked(options, context);
  if (asked === undefined) return undefined;
  const verdicts: Verdict[] = [];
  const documents: FiledDocument[] = [];
  let refused = false;
  const refuse = (message: string) => {
    refused = true;
    context.console.err(`ml-verdict: ${printable(message)}\n`);
  };
  await withProgress(files, context.console, (file) => {
    const read = readObservationsFile(file);
    if (!read.ok) {
      refuse(read.message);
      return;
    }
    try {
      for (const document of judging(asked, read.observations)) {
        const filed = { file, ...document };
        verdicts.push(document.verdict);
        // Lines are written at once: of many files and looks not every document is to be held.
        if (options.output === 'ndjson') context.console.out(formatDocuments([filed], 'ndjson'));
        else documents.push(filed);
      }
    } catch (error) {
      if (!(error instanceof VerdictError)) throw error;
      refuse(`${file}: ${error.message}`);
    }
  });
  print(documents, options, context);
  return { verdicts, refused };
}

function print(documents: readonly FiledDocument[], options: JudgeOptions, context: CommandContext): void {
  if (documents.length === 0) return;
  context.console.out(
    options.output === 'table' || options.output === 'wide'
      ? verdictTable(documents, options.output === 'wide', context.console)
      : formatDocuments(documents, options.output),
  );
}
