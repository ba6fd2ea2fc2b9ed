import { playFleets, outcome } from './fleets.js';
import { backfill } from '../../support/prometheus/backfill/backfill.js';
import { startServer } from '../../support/prometheus/start-servers.js';
import { fleetSignals } from '../../support/fleet/fleet-signals.js';
import { VerdictRig } from './verdict-rig.js';
import { SqlLedger } from '../../../src/sources/ledger/sql-ledger.js';
const T: Record<string, number[]> = {};
(globalThis as any).mark = (k: string, ms: number) => (T[k] ??= []).push(ms);
const endMs = Math.floor(Date.now()/60000)*60000;
const kind = (process.argv[2] ?? 'victoria-metrics') as any;
const runs = Number(process.argv[3] ?? 40);
const server = await startServer(kind);
for (const s of playFleets([{namespace:'hour', looks:60}], endMs)) await backfill(server, s);
const rig = await VerdictRig.open({ prometheus: { servers: { main: { url: server.url, scrapeInterval: '30s' } } }, models: { fraud: { source: 'prometheus', prometheus: fleetSignals({[outcome]:{}}) } } });
const ledger = (rig as any)['ledger'];
void SqlLedger; void ledger;
const rows: number[][] = [];
for (let i=0;i<runs+10;i++){
  const o = rig.open();
  if (process.argv[4]==='later') await o.ask('fraud','hour',endMs);
  if (i===10) for (const k of Object.keys(T)) T[k]=[];
  const v = await o.ask('fraud','hour',endMs+60000);
  if(i>=10) rows.push([v.wallMs, v.slowestMs, v.wallMs-v.slowestMs]);
  o.close();
}
const q=(x:number[],p:number)=>[...x].sort((a,b)=>a-b)[Math.min(x.length-1,Math.floor(x.length*p))]!.toFixed(1);
for (const [n,c] of [['wall',0],['slowest',1],['beyond',2]] as const) console.log(n, q(rows.map(r=>r[c]!),0), q(rows.map(r=>r[c]!),.5), q(rows.map(r=>r[c]!),.99));
for (const [k,v] of Object.entries(T)) console.log(k, q(v,0), q(v,.5), q(v,.99));
await rig.close(); await server.stop();
