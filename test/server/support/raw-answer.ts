import { connect } from 'node:net';

/** Sends bytes as they are to a port of this machine and reads all that comes back until the connection closes. */
export function rawAnswer(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
    });
    socket.on('close', () => {
      resolve(received);
    });
    socket.on('error', reject);
  });
}
