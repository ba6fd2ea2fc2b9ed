import type { AddCommand } from './commands.js';
import { addAskCommands } from './rollout/ask-commands.js';
import { addRestoreCommand } from './rollout/restore-command.js';
import { addStartCommand } from './rollout/start-command.js';
import { addStatusCommand } from './rollout/status-command.js';

/** `rollout`: drives canaries of KServe and Seldon, or asks the controller that does. */
export const addRolloutCommand: AddCommand = (program, context) => {
  const rollout = program
    .command('rollout')
    .description('drive a canary of KServe or Seldon through its stages, or say what becomes of one');
  addStartCommand(rollout, context);
  addStatusCommand(rollout, context);
  addAskCommands(rollout, context);
  addRestoreCommand(rollout, context);
};
