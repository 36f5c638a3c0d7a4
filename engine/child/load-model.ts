import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LlamaContextSequence, LlamaModel } from 'node-llama-cpp'
import { getLlama, InsufficientMemoryError, LlamaLogLevel } from 'node-llama-cpp'
import { messageOf } from '../../kernel/index.ts'
import type { ChildSpec } from '../protocol.ts'
import { LoadFailure } from './failure.ts'

/** How long a failure waits for the engine's own words about it. */
const wordsWaitMs = 500

export type LoadedModel = {
  model: LlamaModel
  sequences: LlamaContextSequence[]
  /** Tokens that one sequence holds. */
  contextLength: number
  engineVersion: string
}

/**
 * Loads one GGUF on the CPU with the prebuilt engine: never compiles, never downloads.
 * Throws LoadFailure. A file that makes the native code abort takes this process down instead; the host reports that.
 */
export async function loadModel(spec: ChildSpec): Promise<LoadedModel> {
  const log = keepLastLines(6)
  const threads = spec.threads ?? Math.max(1, availableParallelism() - 1)
  const llama = await getLlama({
    // The prebuilt engine of Apple silicon exists with Metal only; no layer is put on it.
    gpu: process.platform === 'darwin' && process.arch === 'arm64' ? 'metal' : false,
    build: 'never',
    skipDownload: true,
    maxThreads: threads,
    logLevel: LlamaLogLevel.error,
    logger: (_level, message) => log.add(message),
  })
  try {
    const model = await llama.loadModel({ modelPath: spec.modelPath, gpuLayers: 0, useMmap: spec.mapped })
    const contextSize = Math.min(spec.contextLength, model.trainContextSize)
    const context = await model.createContext({ sequences: spec.parallel, contextSize, threads })
    const sequences = Array.from({ length: spec.parallel }, () => context.getSequence())
    const contextLength = Math.min(context.contextSize, contextSize)
    return { model, sequences, contextLength, engineVersion: llama.llamaCppRelease.release }
  } catch (error) {
    const code = error instanceof InsufficientMemoryError ? 'out_of_memory' : 'broken_model'
    // The lines come from another thread by way of the event loop, now and then after the failure that they explain.
    const until = performance.now() + wordsWaitMs
    while (causeIn(log.lines()) === undefined && performance.now() < until) await sleep(10)
    const cause = causeIn(log.lines())
    const said = cause === undefined ? messageOf(error) : `The engine cannot load the model: ${cause}.`
    throw new LoadFailure(code, said, error)
  }
}

/** The one sentence of llama.cpp's last lines that names the cause; they say the same thing several times over. */
function causeIn(lines: readonly string[]): string | undefined {
  return lines
    .map((line) => /(?:error loading model(?: [a-z]+)*|gguf_init_from_\w+): (.+)$/s.exec(line)?.[1])
    .filter((found) => found !== undefined)
    .map((found) => found.replace(/^error loading model [a-z]+: /, ''))[0]
}

function keepLastLines(count: number): { add: (text: string) => void; lines: () => string[] } {
  const kept: string[] = []
  return {
    add: (text) => {
      kept.push(text.trim().slice(0, 300))
      if (kept.length > count) kept.shift()
    },
    lines: () => kept,
  }
}
