import { connect } from 'node:net';

/**
 * A process that opens connections, asks one thing on each, and then keeps them open without a word. Arguments: the
 * port and how many. It says `open` once all have been answered, and ends with status 1 if one of them is not.
 */
const [port = 0, count = 0] = process.argv.slice(2).map(Number);

/** So many are being opened at a time. */
const lanes = 50;

let opened = 0;
let begun = 0;

function open(): void {
  if (begun === count) return;
  begun++;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(1));
  socket.once('data', () => {
    opened++;
    if (opened === count) process.stdout.write('open\n');
    else open();
  });
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
}

for (let lane = 0; lane < lanes; lane++) open();
