import express from 'express';
import type { AddressInfo } from 'node:net';

/** A process with one express route that answers a JSON object; its parent sends the object and is told the port. */
process.once('message', (answer: object) => {
  const app = express();
  app.get('/', (_request, response) => {
    response.json(answer);
  });
  const server = app.listen(0, '127.0.0.1', () => {
    process.send?.((server.address() as AddressInfo).port);
  });
});
