import { serveTasks } from '../../support/processes/serve-tasks.js';
import { runJob, type Job, type JobResult } from './job.js';
import { selectJudges, type JudgeSelection } from './judge-selection.js';

// A worker process, told the judges on its command line.
const [, , selection = ''] = process.argv;
const judges = selectJudges(JSON.parse(selection) as JudgeSelection);

serveTasks(async (job): Promise<JobResult> => runJob(job as Job, await judges));
