import { HuggingFaceSource } from '../../../../contract/index.ts'
import { invalid } from '../../../../kernel/index.ts'
import { compileChoice } from '../globs.ts'
import { fileRequest, listTree, pageOf, probeFile, type RepoFile, readInfo } from '../hugging-face/api.ts'
import { chooseFiles } from '../hugging-face/choose.ts'
import { isSafePath } from '../safe-path.ts'
import type { RemoteFile, RemoteSourceKind } from '../source-kind.ts'

export const huggingFaceSource: RemoteSourceKind<HuggingFaceSource> = {
  kind: 'huggingface',
  reads: 'remote',
  title: 'Hugging Face',
  checks: 'Revision pinned to a commit, every file compared with the digest that the repository states.',
  config: HuggingFaceSource as never,
  address: ({ repo, revision }) => `hf:${repo}@${revision}`,
  resolve: async (source, _secret, context, signal) => {
    const info = await readInfo(context, { ...source, revision: source.commit ?? source.revision }, signal)
    return {
      source: { ...source, commit: info.commit },
      secret: null,
      pin: {
        gated: info.gated,
        private: info.private,
        ...(info.license === undefined ? {} : { license: info.license }),
        ...(info.task === undefined ? {} : { task: info.task }),
        ...(info.security === undefined ? {} : { security: info.security }),
        ...(info.id === undefined || info.id.toLowerCase() === source.repo.toLowerCase() ? {} : { movedTo: info.id }),
      },
    }
  },
  list: async function* (resolved, context, onNote, signal) {
    const { source } = resolved
    const files: RepoFile[] = []
    const chosen = compileChoice(source.include, source.exclude)
    for await (const file of listTree(context, source, commitOf(source), signal)) {
      if (chosen(file.path)) files.push(file)
    }
    const taken = source.include === undefined ? chooseFiles(files, onNote) : files
    for (const file of taken) {
      if (!isSafePath(file.path)) {
        throw invalid(
          'bad_file_name',
          `${source.repo} holds a file whose name cannot be kept: ${JSON.stringify(file.path.slice(0, 200))}.`,
          'Leave it out with exclude.',
        )
      }
      yield toRemote(file)
    }
  },
  request: async ({ source }, file, context) => await fileRequest(context, source, commitOf(source), file.path),
  probe: async ({ source }, file, context, signal) =>
    await probeFile(context, source, commitOf(source), file.path, signal),
  look: async ({ source, pin }, _files, context, onNote) => {
    onNote({
      level: 'fact',
      message: `${source.revision} is the commit ${commitOf(source)} now; that is what will be taken.`,
    })
    if (pin.movedTo !== undefined) {
      onNote({
        level: 'doubt',
        message: `The repository is called ${pin.movedTo} now.`,
        remedy: `Use hf:${pin.movedTo}.`,
      })
    }
    const { security } = pin
    if (security !== undefined && security.issues > 0) {
      const [first] = security.files
      onNote({
        level: 'doubt',
        message: `The scanners of the hub name ${security.issues === 1 ? 'a file' : `${security.issues} files`}: ${first?.path ?? ''} (${first?.level ?? ''}).`,
        remedy: 'Look at them there; they are inspected here as well, whatever others say.',
      })
    }
    if (pin.private === true) onNote({ level: 'fact', message: 'The repository is private.' })
    if (pin.gated === true)
      onNote({ level: 'fact', message: `The repository is gated; its terms are on ${pageOf(context, source.repo)}.` })
  },
}

function commitOf(source: HuggingFaceSource): string {
  if (source.commit !== undefined) return source.commit
  throw invalid('not_pinned', `${source.repo} is not pinned to a commit.`, 'Check the source again.')
}

const toRemote = ({ path, size, sha256, gitSha1 }: RepoFile): RemoteFile => ({
  path,
  ref: { size, ...(sha256 === undefined ? {} : { sha256 }), ...(gitSha1 === undefined ? {} : { gitSha1 }) },
})
