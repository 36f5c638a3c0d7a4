import { ggufBytes } from '../starter/gguf-writer.ts'
import { tinyRandomModel } from './tiny-random.ts'

/** A file that no engine should serve, and why the host must say it does not. */
export type BrokenModel = {
  name: string
  bytes: Uint8Array<ArrayBuffer>
  /** The code of the refusal. */
  code: 'broken_model' | 'nan_logits'
}

/** Broken GGUF files of every kind that was seen to pass, stop or kill the engine. */
export function brokenModels(): BrokenModel[] {
  const good = ggufBytes(tinyRandomModel())
  const patched = (at: number, value: bigint): Uint8Array<ArrayBuffer> => {
    const bytes = good.slice()
    new DataView(bytes.buffer).setBigUint64(at, value, true)
    return bytes
  }
  return [
    { name: 'head-count-0', bytes: ggufBytes(tinyRandomModel({ headCount: 0 })), code: 'broken_model' },
    { name: 'nan-weights', bytes: ggufBytes(tinyRandomModel({ outputFill: Number.NaN })), code: 'nan_logits' },
    { name: 'infinite-weights', bytes: ggufBytes(tinyRandomModel({ outputFill: Infinity })), code: 'nan_logits' },
    { name: 'bad-eos', bytes: ggufBytes(tinyRandomModel({ eosId: 100_000 })), code: 'broken_model' },
    { name: 'truncated', bytes: good.slice(0, Math.floor(good.length * 0.6)), code: 'broken_model' },
    { name: 'truncated-head', bytes: good.slice(0, 400), code: 'broken_model' },
    { name: 'giant-tensor-count', bytes: patched(8, 2n ** 60n), code: 'broken_model' },
    { name: 'giant-key-count', bytes: patched(16, 2n ** 62n), code: 'broken_model' },
    { name: 'giant-key-length', bytes: patched(24, 2n ** 63n - 1n), code: 'broken_model' },
    { name: 'not-gguf', bytes: new Uint8Array(Buffer.from('this is not a model, only text')), code: 'broken_model' },
    { name: 'empty', bytes: new Uint8Array(0), code: 'broken_model' },
  ]
}
