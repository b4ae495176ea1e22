import { createEngine } from '../../server/src/engine/index';
(async()=>{
const e=createEngine({kernel:'/usr/src/linux-headers-6.1.0-56-amd64',cacheFolder:'/tmp/h/cache'});
const S='/root/.cache/fgft/kernel/linux-source-6.1/';
for(const f of process.argv.slice(2)){
 const t=performance.now();const r=await e.analyze(S+f);const d=r.report.drivers[0];
 const n=d.entryPoints.map(x=>x.fields.length);const u=d.entryPoints.map(x=>new Set(x.fields.map(f=>f.record+'.'+f.field)).size);
 console.log(f,performance.now()-t|0,'ms eps',n.length,'fields',n.reduce((a,b)=>a+b,0),'unique',u.reduce((a,b)=>a+b,0),'max',Math.max(...n),'json MB',(JSON.stringify(r.report).length/1e6).toFixed(1),'functions',d.coverage);
 if(process.env.EX){const ep=d.entryPoints[n.indexOf(Math.max(...n))];const by:any={};for(const f of ep.fields)(by[f.record+'.'+f.field]??=[]).push(f.path);console.log(ep.name,Object.entries(by).sort((a:any,b:any)=>b[1].length-a[1].length).slice(0,6).map(([k,v]:any)=>[k,v.length,v.slice(0,14)]));}
}})();
