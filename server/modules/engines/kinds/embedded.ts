import type { EngineFile, EngineKind, EnginePlan } from '../engine-kind.ts'

const splitName = /-(\d{5})-of-(\d{5})\.gguf$/i

/** The llama.cpp engine that comes with the hub: runs a version whose weights are one GGUF, single or split. */
export const embeddedEngine: EngineKind = {
  kind: 'embedded',
  title: 'Embedded llama.cpp',
  plan,
}

function plan(files: readonly EngineFile[]): EnginePlan {
  const weights = files.filter((file) => file.format === 'gguf')
  if (weights.length === 0) {
    return {
      fit: false,
      reason: {
        code: 'no_engine',
        message: 'No engine here runs this format.',
        remedy: 'Onboard a GGUF variant to serve it with the embedded engine.',
      },
    }
  }
  const first = weights.find((file) => splitName.exec(file.path)?.[1] === '00001') ?? weights[0]
  const parts = weights.filter((file) => splitName.test(file.path))
  if (first === undefined || (weights.length > 1 && parts.length !== weights.length)) {
    return {
      fit: false,
      reason: {
        code: 'several_weights',
        message: `The version holds ${weights.length} GGUF files; it is not clear which to run.`,
        remedy: 'Onboard each variant as a model of its own.',
      },
    }
  }
  return {
    fit: true,
    spec: {
      main: first.realPath,
      files: weights.map((file) => ({
        path: file.realPath,
        size: file.size,
        ...(file.fingerprint === undefined ? {} : { fingerprint: file.fingerprint }),
      })),
    },
  }
}
