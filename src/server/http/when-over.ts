import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What waits for the requests of a connection. */
interface Connection {
  /** One for everything that is to be done at the end of a request, with the request. */
  readonly ends: Map<() => void, IncomingMessage>;
  /** What is to be done once no request is under way. */
  readonly whenIdle: (() => void)[];
}

const connections = new WeakMap<Duplex, Connection>();

/**
 * Calls `end` once, when a request is answered or its connection is gone. An answer that waits behind another one of
 * the same connection (pipelining) is never told that the connection has gone: the connection itself is asked.
 */
export function whenOver(request: IncomingMessage, response: ServerResponse, end: () => void): void {
  const { socket } = request;
  const { ends, whenIdle } = connectionOf(socket);
  const over = (): void => {
    if (!ends.delete(over)) return;
    response.off('close', over);
    end();
    if (ends.size === 0) for (const act of whenIdle.splice(0)) act();
  };
  ends.set(over, request);
  response.once('close', over);
  // Of a connection that is gone already nothing more is heard.
  if (socket.closed) over();
}

/**
 * Calls `act` once the requests that have come on a connection are answered: at once where that is so, and where one
 * of them has not come to its end, since nobody answers that.
 */
export function whenAnswered(socket: Duplex, act: () => void): void {
  const connection = connections.get(socket);
  const underWay = [...(connection?.ends.values() ?? [])];
  if (connection === undefined || underWay.length === 0 || underWay.some(({ complete }) => !complete)) act();
  else connection.whenIdle.push(act);
}

function connectionOf(socket: Duplex): Connection {
  const known = connections.get(socket);
  if (known !== undefined) return known;
  const connection: Connection = { ends: new Map(), whenIdle: [] };
  connections.set(socket, connection);
  socket.once('close', () => {
    for (const end of [...connection.ends.keys()]) end();
  });
  return connection;
}
