import { readFileSync, readdirSync, existsSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { loadAssets } from '/work/main/server/src/engine/assets';
import { loadKernelWorld, shared } from '/work/main/server/src/engine/kernelWorld';
import { readModule } from '/work/main/server/src/engine/moduleFiles';
import { analyzeDriver } from '/work/main/server/src/engine/driver';
import { nodeFileSystem as fs } from '/work/main/server/src/engine/nodeFileSystem';
import { findKernelTree } from '/work/main/server/src/text/kernelTree';
import { moduleOf } from '/work/main/server/src/text/kbuild';
import { writeFileSync, mkdirSync } from 'node:fs';
const K='/work/main/server/knowledge/';
function rows(f:string){const d=parse(readFileSync(K+f,'utf8'));const m=new Map<string,any>();for(const[k,v] of Object.entries<any>(d.rows))for(const n of k.split(/\s+/))m.set(n,{name:n,...v});return m}
function dialect(loops:Iterable<string>){const d=parse(readFileSync(K+'dialect.yaml','utf8'));const names=(l:any[])=>new Set<string>((l??[]).flatMap(g=>String(g.names).split(/\s+/)));
 const decl=new Map<string,any>();for(const g of d.declarations??[])for(const n of String(g.names).split(/\s+/))decl.set(n,g);
 const l=names(d.loops);for(const x of loops)l.add(x);return {attributes:names(d.attributes),attributesWithArguments:names(d.attributesWithArguments),loops:l,declarations:decl}}
export async function main(){
 const base=await shared(loadAssets()); const {parser,knowledge}=base; if(base.knowledgeProblems.length)console.error(base.knowledgeProblems.slice(0,5));
 const src='/root/.cache/fgft/kernel/linux-source-6.1/';
 const tree=findKernelTree(fs,src,{given:'/usr/src/linux-headers-6.1.0-56-amd64'}).tree;
 const t0=performance.now();const world=loadKernelWorld(tree,fs,base as any,'/tmp/h/cache','x86');console.error('world',performance.now()-t0);
 mkdirSync('/tmp/h/out',{recursive:true});
 const want=process.argv.slice(2);
 const oracle='/work/shared/oracle/drivers/';
 for(const f of readdirSync(oracle)){const o=JSON.parse(readFileSync(oracle+f,'utf8'));const name=f.replace('.json','');if(want.length&&!want.includes(name))continue;
  const t=performance.now();
  try{
  const m=moduleOf(fs,src+o.files[0],{configuration:world.configuration});
  const files=readModule(m,{...world.files,fs,parser,knowledge,isOpen:()=>false});
  const t2=performance.now();
  const st=analyzeDriver(files,{knowledge,kernel:world.kernel,architecture:'x86',kernelMacro:world.kernelMacro,display:p=>p.replace(src,'')},false);
  const t3=performance.now();
  const report={schemaVersion:1,tool:{name:'fgft',version:'0'},kernel:{root:'x',release:'6.1',configuration:'auto.conf'},drivers:[st.report],summary:{}};
  writeFileSync('/tmp/h/out/'+name+'.json',JSON.stringify(report,null,1));
  console.error(name,m.name,m.files.length,'parse',(t2-t|0),'analyze',(t3-t2|0),'eps',st.report.entryPoints.length,'fns',st.report.coverage, 'gaps',st.report.findings.filter(f=>f.rule==='analysis/partial').slice(0,4).map(f=>f.message+' @'+f.location.line));
  }catch(e){console.error(name,'FAILED',e)}
 }
 console.error('trees',parser.liveTrees, (process.memoryUsage().rss/1e6|0)+' MB');
}
main();
