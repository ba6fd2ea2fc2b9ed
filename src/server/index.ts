/** The HTTP service's public face. */
export { startServer, type RunningServer, type ServerParts } from './start-server.js';
export { stopOnSignals, type SignalSource } from './stop-on-signals.js';
