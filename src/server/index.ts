/** The HTTP service's public face. */
export { loadAccess } from './access/index.js';
export { localVerdicts, type LocalVerdicts } from './verdict/local-verdicts.js';
export { startServer, type RunningServer, type ServerParts } from './start-server.js';
export { reloadOnHangUp, stopOnSignals, type SignalSource, type StopSignal } from './stop-on-signals.js';
