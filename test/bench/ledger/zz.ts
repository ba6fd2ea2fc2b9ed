import Database from 'libsql';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
function open(schema: string) { for (const s of ['', '-wal','-shm']) rmSync('/tmp/mb/x.db'+s, {force:true}); const d = new Database('/tmp/mb/x.db'); d.pragma('journal_mode=WAL'); d.pragma('synchronous=FULL'); d.exec(schema); return d; }
const A = `create table p (key text primary key not null, version_id integer not null, minute integer not null, expires_minute integer not null); create index pe on p(expires_minute);`;
const A2 = `create table p (key text primary key not null, version_id integer not null, minute integer not null, expires_minute integer not null);`;
const B = `create table p (key text primary key not null, version_id integer not null, minute integer not null, expires_minute integer not null) without rowid; create index pe on p(expires_minute);`;
const C = `create table p (key text primary key not null, version_id integer not null, minute integer not null, expires_minute integer not null) without rowid;`;
const up = ' on conflict(key) do update set version_id=excluded.version_id, minute=excluded.minute, expires_minute=excluded.expires_minute';
const keys = (n: number) => Array.from({length:n}, () => randomBytes(16).toString('base64url'));
function run(name: string, schema: string, ins: (d: any, k: string[]) => void) {
  const d = open(schema); let n = 0; const batches = Array.from({length: 150}, () => keys(1000));
  const t = performance.now(); const c0 = process.cpuUsage();
  for (const k of batches) { d.exec('begin immediate'); ins(d, k); d.exec('commit'); n += k.length; }
  const ms = performance.now() - t; const c1 = process.cpuUsage(c0); console.log('cpu', ((c1.user+c1.system)/1000/150).toFixed(2), 'ms user', (c1.user/1000/150).toFixed(2), name, Math.round(n/ms*1000), 'ids/s', (ms/150).toFixed(1), 'ms/batch'); d.close();
}
const multi = (size: number, prep: boolean) => { let st: any; return (d: any, k: string[]) => { for (let i=0;i<k.length;i+=size) { const c=k.slice(i,i+size); if(!prep||!st) st = d.prepare('insert into p values '+c.map(()=>'(?,?,?,?)').join(',')+up); st.run(c.flatMap(x=>[x,1,29000000,29010000])); } } };
const single = () => { let st: any; return (d: any, k: string[]) => { st ??= d.prepare('insert into p values (?,?,?,?)'+up); for (const x of k) st.run([x,1,29000000,29010000]); } };
const json = () => { return (d: any, k: string[]) => { const st = d.prepare("insert into p select value->>0, value->>1, value->>2, value->>3 from json_each(?) where true"+up); st.run([JSON.stringify(k.map(x=>[x,1,29000000,29010000]))]); } };
const jsonKeys = () => { return (d: any, k: string[]) => { const st = d.prepare("insert into p select value, ?, ?, ? from json_each(?) where true"+up); st.run([1,29000000,29010000,JSON.stringify(k)]); } };
const jsonSorted = () => { const f = jsonKeys(); return (d: any, k: string[]) => f(d, [...k].sort()); };
for (const [n, s] of [['A', A], ['A noexp', A2], ['B worowid', B], ['C worowid noexp', C]] as const) {
  run(n+' multi200', s, multi(200,false)); run(n+' multi200 prepared', s, multi(200,true)); run(n+' single prepared', s, single()); run(n+' json', s, json()); run(n+' jsonKeys', s, jsonKeys()); run(n+' jsonSorted', s, jsonSorted());
}
