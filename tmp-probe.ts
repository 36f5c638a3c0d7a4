import {getLlama} from 'node-llama-cpp'
const t0=performance.now()
const llama=await getLlama({gpu:false,build:'never',skipDownload:true})
const t1=performance.now()
const model=await llama.loadModel({modelPath:process.argv[2]!})
const t2=performance.now()
const ctx=await model.createContext({sequences:4,contextSize:2048,threads:1})
console.log('init',t1-t0,'load',t2-t1,'ctx',performance.now()-t2,'rss',process.memoryUsage().rss/1e6, ctx.contextSize, Object.keys(model.fileInfo.metadata), model.tokens.shouldPrependBosToken)
const seq=ctx.getSequence()
const go=async(p:string)=>{ await seq.clearHistory(); const toks=[model.tokens.bos!,...model.tokenize(p,true)]; let s='';let n=0; for await(const t of seq.evaluate(toks,{temperature:0,topK:0,topP:1,seed:1})){ s+=model.detokenize([t]); if(++n>60)break } return [toks.length,s,n] }
console.log(await go('abc'), await go('hi?'), await go('<|loop|>'), await go('é'), model.tokenize('a<|q1|>b</s>',false), model.tokenize('I am the starter model',false).length)
await seq.clearHistory()
for await (const x of seq.evaluateWithMetadata([model.tokens.bos!,...model.tokenize('<|q1|>')],{probabilities:true},{temperature:0,topK:0,topP:1,seed:1})) { console.log([...x.probabilities.entries()].slice(0,4).map(([t,p])=>[model.detokenize([t]),p])); break}
process.exit()
