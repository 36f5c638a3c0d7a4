import { createHash } from 'node:crypto'
import * as z from 'zod'

// The statement of OpenSSF Model Signing v1.0: an in-toto statement whose predicate lists every file with its digest, and whose subject is
// the digest over those digests. https://github.com/sigstore/model-transparency (model signing specification, v1.0)

export const statementType = 'https://in-toto.io/Statement/v1'
export const modelSignatureType = 'https://model_signing/signature/v1.0'
export const payloadType = 'application/vnd.in-toto+json'

export type SignedFile = { path: string; sha256: string }

/** What the reference implementation leaves out unless told otherwise: names at the root of a model. */
const gitPaths = ['.git', '.gitattributes', '.github', '.gitignore']
const mostFiles = 200_000

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Name = z.string().min(1).max(4_096)

const ModelStatement = z.object({
  _type: z.literal(statementType),
  subject: z
    .array(z.object({ name: z.string().max(4_096).optional(), digest: z.object({ sha256: Sha256 }) }))
    .length(1),
  predicateType: z.literal(modelSignatureType),
  predicate: z.object({
    serialization: z
      .object({
        method: z.string().max(100),
        hash_type: z.string().max(100).optional(),
        ignore_paths: z.array(z.string().max(4_096)).max(10_000).optional(),
      })
      .loose(),
    resources: z
      .array(z.object({ name: Name, algorithm: z.string().max(100), digest: z.string().max(200) }))
      .min(1)
      .max(mostFiles),
  }),
})

export type ModelStatement = {
  /** Name of the model as the signer gave it; null: none. */
  name: string | null
  files: readonly SignedFile[]
  /** Files and folders that the signer left out. */
  ignored: readonly string[]
}

/** Whether the path is one of these or lies below one of them. */
export const isBelow = (path: string, names: readonly string[]): boolean =>
  names.some((name) => path === name || path.startsWith(`${name}/`))

/** The statement over the files of a model, as the bytes that are signed. */
export function writeStatement(name: string, files: readonly SignedFile[]): Buffer {
  const listed = files
    .filter(({ path }) => !isBelow(path, gitPaths))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return Buffer.from(
    JSON.stringify({
      _type: statementType,
      subject: [{ name, digest: { sha256: digestOf(listed) } }],
      predicateType: modelSignatureType,
      predicate: {
        serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: gitPaths },
        resources: listed.map(({ path, sha256 }) => ({ name: path, algorithm: 'sha256', digest: sha256 })),
      },
    }),
  )
}

/** What a signed payload says. Throws an Error whose message ends a sentence when it is no statement of this kind. */
export function readStatement(payload: Buffer): ModelStatement {
  const parsed = ModelStatement.safeParse(parseJson(payload))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(
      `its statement is not one of model signing v1.0 (${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''})`,
    )
  }
  const { subject, predicate } = parsed.data
  if (predicate.serialization.method !== 'files') {
    throw new Error(`it hashes models by "${predicate.serialization.method}"; only whole files are read here`)
  }
  const paths = new Set<string>()
  const files = predicate.resources.map(({ name, algorithm, digest }): SignedFile => {
    if (algorithm !== 'sha256' || !Sha256.safeParse(digest).success) {
      throw new Error(`it names ${name} by the digest ${algorithm}; only sha256 is read here`)
    }
    if (paths.has(name)) throw new Error(`it names ${name} twice`)
    paths.add(name)
    return { path: name, sha256: digest }
  })
  if (digestOf(files) !== subject[0]?.digest.sha256)
    throw new Error('its files do not make up the digest of its subject')
  return {
    name: subject[0].name ?? null,
    files,
    ignored: (predicate.serialization.ignore_paths ?? []).map((path) => path.replace(/^\.\//, '').replace(/\/+$/, '')),
  }
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    throw new Error('its statement is no JSON')
  }
}

/** SHA-256 over the digests of the files, in their order. */
function digestOf(files: readonly SignedFile[]): string {
  const hash = createHash('sha256')
  for (const { sha256 } of files) hash.update(Buffer.from(sha256, 'hex'))
  return hash.digest('hex')
}
