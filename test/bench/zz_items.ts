import { nodeFileSystem as fs } from '../../server/src/engine/nodeFileSystem';
import { findKernelTree } from '../../server/src/text/kernelTree';
import { loadKernelWorld, shared } from '../../server/src/engine/kernelWorld';
import { loadAssets } from '../../server/src/engine/assets';
import { readModule } from '../../server/src/engine/moduleFiles';
import { moduleOf } from '../../server/src/text/kbuild';
(async()=>{const base=await shared(loadAssets());
const tree=findKernelTree(fs,'/',{given:'/usr/src/linux-headers-6.1.0-56-amd64'}).tree;
const w=loadKernelWorld(tree,fs,base,'/tmp/h/cache','x86');
const [file,head,rec]=process.argv.slice(2);
const m=moduleOf(fs,file,{configuration:w.configuration});
const files=readModule(m,{...w.files,fs,parser:base.parser,knowledge:base.knowledge,isOpen:()=>false});
for(const f of files.files) if(f.path.endsWith(head)) { console.log(f.path,f.items.length,f.preprocessed.problems.slice(0,5)); f.items.forEach((it,i)=>{ const d=f.declarations[i]; if(rec? d.records.some(r=>r.name===rec):true) console.log(it.kind,it.hasError,JSON.stringify(f.masked.text.slice(it.start,it.end)).slice(0,900),d.records.map(r=>r.name+':'+r.members.map(x=>x.name))); }); }
})();
