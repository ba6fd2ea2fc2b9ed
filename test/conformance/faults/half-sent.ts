import { connect, type Socket } from 'node:net';

/** A POST of predictions whose body is sent piece by piece over a socket of its own. */
export class HalfSent {
  /** Resolves once the head and the first piece are with the operating system. */
  readonly sent: Promise<void>;
  /** All that comes back until the connection is closed. */
  readonly answer: Promise<string>;
  readonly #socket: Socket;

  constructor(port: number, firstPiece: string, length: number) {
    const socket = connect(port, '127.0.0.1');
    this.#socket = socket;
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    this.answer = new Promise((resolve) => {
      socket.once('close', () => {
        resolve(received);
      });
    });
    const head = `POST /v1/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`;
    this.sent = new Promise((resolve) => {
      socket.write(head + firstPiece, () => {
        resolve();
      });
    });
  }

  send(piece: string): void {
    this.#socket.write(piece);
  }
}
