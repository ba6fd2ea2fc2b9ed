import { modelServers, pythonOf } from './python-environments.js';

/** Makes the environments ahead of the suites: while these run, nothing may keep this machine's pods from answering. */
for (const name of modelServers) pythonOf(name);
