import { playFleets, sizeOf } from '/work/main/test/bench/prometheus/fleets.js';
import { backfill } from '/work/main/test/support/prometheus/backfill/backfill.js';
import { startServer } from '/work/main/test/support/prometheus/start-servers.js';
import { fleetSignals } from '/work/main/test/support/fleet/fleet-signals.js';
import { VerdictRig } from '/work/main/test/bench/prometheus/verdict-rig.js';
const endMs = Math.floor(Date.now()/60000)*60000;
const kinds = (process.argv[2] ?? 'prometheus,victoria-metrics').split(',') as any[];
const fleets = [{namespace:'hour', looks:60},{namespace:'restarted', looks:60, restartMinute: 20}, ...(process.argv[3]==='day'?[{namespace:'day', looks:1440}]:[])];
for (const kind of kinds) {
  const server = await startServer(kind);
    { const t=performance.now(); let n=0, series=0;
    for (const s of playFleets(fleets, endMs)) { n+=sizeOf(s); series=Math.max(series,s.length); await backfill(server, s); }
    console.log(kind, n, series, Math.round(performance.now()-t),'ms'); }
  const rig = await VerdictRig.open({ prometheus: { servers: { main: { url: server.url, scrapeInterval: '30s' } } }, models: { fraud: { source: 'prometheus', prometheus: fleetSignals({default:{}}) } } });
  const nowMs = endMs + 65_000;
  for (const f of fleets) {
   const rows: any[] = [];
   for (let i=0;i<Number(process.argv[4]??12);i++){
    const o = rig.open();
    const v = await o.ask(f.namespace, endMs+60_000);
    if(i===0) console.log(v.document.verdict, v.document.looks, v.document.measurement, JSON.stringify((v.document as any).source?.notes));
    rows.push([v.wallMs, Math.max(...v.queriesMs), v.queriesMs.length, v.bytes]);
    o.close();
   }
   console.log(f.namespace, rows.map(([w,q,n,b])=>`${w.toFixed(0)}/${q.toFixed(0)}=${(w/q).toFixed(2)}(+${(w-q).toFixed(0)})`).join(' '), rows[0][2], rows[0][3]);
  }
  await rig.close(); await server.stop();
}
