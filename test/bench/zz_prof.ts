import { createEngine } from '../../server/src/engine/index';
import { readFileSync } from 'node:fs';
(async()=>{
const e=createEngine({kernel:'/usr/src/linux-headers-6.1.0-56-amd64',cacheFolder:'/tmp/h/cache'});
const S='/root/.cache/fgft/kernel/linux-source-6.1/';
const f=S+process.argv[2];
for(let i=0;i<Number(process.argv[3]??1);i++){
 const text=readFileSync(f,'utf8');
 const at=text.indexOf('\treturn',text.length/2|0);
 if(process.argv[4])e.openDocument(f,text.slice(0,at)+(i%2?' ':'')+text.slice(at),i+1);
 const c0=process.cpuUsage();const t=performance.now();const r=await e.analyze(f);console.log('analyze cpu',process.cpuUsage(c0).user/1000|0,'wall',performance.now()-t|0,r.problems.map(p=>p.message).slice(0,3), process.memoryUsage().rss/1e6|0,((globalThis as any).gc?.(),process.memoryUsage().heapUsed/1e6|0));
}
})();
