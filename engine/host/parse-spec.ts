import { isAbsolute } from 'node:path'
import type { EngineFile, EngineSpec, FileFingerprint } from '../types.ts'
import { EngineProblem } from './problem.ts'

/** An EngineSpec out of a JSON body. Throws EngineProblem 400 that names what is wrong. */
export function parseSpec(deploymentId: string, body: unknown): EngineSpec {
  if (!isRecord(body)) throw bad('The body must be an object.')
  const { files, main } = body
  if (!Array.isArray(files) || files.length < 1 || files.length > 256) throw bad('"files" must have 1 to 256 entries.')
  const parsed = files.map(parseFile)
  if (typeof main !== 'string' || !parsed.some((file) => file.path === main)) {
    throw bad('"main" must be the path of one of "files".')
  }
  if (body['gpu'] !== undefined && body['gpu'] !== false) throw bad('"gpu" must be false: this engine runs on the CPU.')
  const contextLength = integer(body, 'contextLength', 16, 2 ** 20)
  const parallel = integer(body, 'parallel', 1, 64)
  return {
    deploymentId,
    files: parsed,
    main,
    ...(contextLength === undefined ? {} : { contextLength }),
    ...(parallel === undefined ? {} : { parallel }),
  }
}

function parseFile(file: unknown): EngineFile {
  if (!isRecord(file)) throw bad('Each file must be an object.')
  const { path, size, fingerprint } = file
  if (typeof path !== 'string' || !isAbsolute(path) || path.includes('\0'))
    throw bad('Each file needs an absolute path.')
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw bad('Each file needs its size in bytes.')
  return { path, size, ...(fingerprint === undefined ? {} : { fingerprint: parseFingerprint(fingerprint) }) }
}

function parseFingerprint(value: unknown): FileFingerprint {
  const text = (name: string): string => {
    const part: unknown = isRecord(value) ? value[name] : undefined
    if (typeof part !== 'string' || !/^\d{1,20}$/.test(part)) throw bad(`The fingerprint needs "${name}" as digits.`)
    return part
  }
  return { dev: text('dev'), ino: text('ino'), size: text('size'), mtimeNs: text('mtimeNs'), ctimeNs: text('ctimeNs') }
}

function integer(body: Record<string, unknown>, name: string, min: number, max: number): number | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw bad(`"${name}" must be a whole number from ${min} to ${max}.`)
  }
  return value
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const bad = (detail: string): EngineProblem => new EngineProblem(400, 'invalid_spec', detail)
