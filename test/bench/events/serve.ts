/** The process of one measured server: says its port, and its processor time whenever it is asked. */
import type { AddressInfo } from 'node:net';
import { makeServer, type BenchServer } from './servers.js';

const server = await makeServer(process.argv[2] as BenchServer);
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.once('SIGINT', () => process.exit(0));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ seconds: (user + system) / 1e6 });
});
