import { Command, CommanderError } from 'commander';
import { readBuildInfo } from '../telemetry/index.js';
import { addCheckConfigCommand } from './check-config-command.js';
import type { AddCommand, CommandContext } from './commands.js';
import { addControllerCommand } from './controller-command.js';
import { addDemoCommand } from './demo-command.js';
import { exitStatus } from './exit-status.js';
import { addJudgeCommand, addReplayCommand } from './judge-command.js';
import { addLedgerCommand } from './ledger-command.js';
import { addLintCommand } from './lint-command.js';
import { addObserveCommand } from './observe-command.js';
import { addPlanCommand } from './plan-command.js';
import { addRolloutCommand } from './rollout-command.js';
import { addServeCommand } from './serve-command.js';

const commands: readonly AddCommand[] = [
  addServeCommand,
  addRolloutCommand,
  addJudgeCommand,
  addReplayCommand,
  addPlanCommand,
  addLintCommand,
  addObserveCommand,
  addLedgerCommand,
  addCheckConfigCommand,
  addControllerCommand,
  addDemoCommand,
];

/** The command line. A wrong command or option ends with status 3 and a message, never with a stack trace. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('ml-verdict')
    .description('Judges canaries of machine-learning models for Argo Rollouts: promote, hold or rollback.')
    .version(readBuildInfo().version)
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({
      writeOut: (text) => {
        context.console.out(text);
      },
      writeErr: (text) => {
        context.console.err(text);
      },
    })
    .exitOverride();
  // Subcommands inherit the settings above, so they are added after them.
  for (const add of commands) add(program, context);
  return program;
}

/** Runs the command line; resolves with the exit status. */
export async function runProgram(
  argv: readonly string[],
  context: Omit<CommandContext, 'setStatus'>,
): Promise<number> {
  let status: number = exitStatus.ok;
  const program = buildProgram({
    ...context,
    setStatus: (given) => {
      status = given;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitStatus.ok : exitStatus.refused;
  }
  return status;
}
