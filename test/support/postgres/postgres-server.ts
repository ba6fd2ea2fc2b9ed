import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { postgresBinaries } from './postgres-binaries.js';
import { serverUser, type ServerUser } from './server-user.js';

const password = 'a-secret-word';

/** A PostgreSQL server of a test's own, with its data in a temporary folder. It can be stopped and started again. */
export class PostgresServer {
  readonly port: number;
  readonly #binaries: string;
  readonly #folder: string;
  readonly #user: ServerUser | undefined;
  readonly #durable: boolean;
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(
    binaries: string,
    folder: string,
    user: ServerUser | undefined,
    port: number,
    durable: boolean,
  ) {
    this.#durable = durable;
    this.#binaries = binaries;
    this.#folder = folder;
    this.#user = user;
    this.port = port;
  }

  /**
   * Makes the data folder of a new server and starts it. Only a `durable` one writes through to the disk: a test has
   * to survive crashes of the server, not a loss of power.
   */
  static async create({ durable = false } = {}): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'ml-verdict-postgres-'));
    const user = serverUser();
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    const server = new PostgresServer(postgresBinaries(), folder, user, await freePort(), durable);
    await server.#initialise();
    await server.start();
    return server;
  }

  /** Starts the server unless it runs, and resolves once it answers. */
  async start(): Promise<void> {
    if (this.#process !== undefined) return;
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      max_connections: '60',
      shared_buffers: '64MB',
      fsync: this.#durable ? 'on' : 'off',
    };
    const process = spawn(
      join(this.#binaries, 'postgres'),
      ['-D', this.#data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...this.#user, cwd: this.#folder, stdio: 'ignore' },
    );
    this.#process = process;
    for (;;) {
      if (process.exitCode !== null) throw new Error(`PostgreSQL ended with ${process.exitCode}`);
      if (await this.#answers()) return;
      await pause(20);
    }
  }

  /** Stops the server: at once, with open connections cut, or as after a crash. */
  async stop(how: 'fast' | 'crash' = 'fast'): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process?.exitCode !== null) return;
    const gone = once(process, 'exit');
    process.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await gone;
  }

  /** Makes an empty database; answers its URL. */
  async database(): Promise<string> {
    const name = `ledger_${++this.#databases}`;
    await this.query(`create database ${name}`);
    return this.url(name);
  }

  url(database: string): string {
    return `postgres://tester:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Asks the server something of its own; answers the rows. */
  async query(sql: string, database = 'postgres'): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(sql);
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Stops the server and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  async #initialise(): Promise<void> {
    const passwordFile = join(this.#folder, 'password');
    await writeFile(passwordFile, password);
    const process = spawn(
      join(this.#binaries, 'initdb'),
      [
        ...['-D', this.#data, '-U', 'tester', '-A', 'scram-sha-256', '--pwfile', passwordFile],
        ...['-E', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { ...this.#user, cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let complaint = '';
    process.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    const [status] = (await once(process, 'close')) as [number | null];
    if (status !== 0) throw new Error(`initdb ended with ${status}: ${complaint}`);
  }

  async #answers(): Promise<boolean> {
    try {
      await this.query('select 1');
      return true;
    } catch {
      return false;
    }
  }
}

/** A port of the loopback that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
