import { useState } from 'react'
import { useCan } from '../../app/session.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { type PullTool, pullSnippet, repoOf } from './pull-snippets.ts'
import { useFiles, type Version } from './use-model.ts'
import { pullWords as words } from './words.ts'

const tools = ['python', 'javascript', 'llama'] as const

/** How unchanged Hugging Face clients pull this version from this hub. */
export function PullSnippet({ version }: { version: Version }) {
  const can = useCan()
  const [tool, setTool] = useState<PullTool>('python')
  const files = useFiles(version)
  const gguf = files.data?.pages
    .flatMap((page) => page.items)
    .find(({ path, format }) => format === 'gguf' || path.toLowerCase().endsWith('.gguf'))
  const without = tool === 'llama' && files.data !== undefined && gguf === undefined
  return (
    <div className="grid grid-cols-1 gap-3 px-4 pb-4">
      <Segmented
        fill
        label={words.language}
        onChange={setTool}
        options={tools.map((value) => ({ value, label: words.tools[value] }))}
        value={tool}
      />
      {without ? (
        <p className="text-fg-2">{words.ggufOnly}</p>
      ) : (
        <CodeBlock
          code={pullSnippet(tool, {
            hubUrl: location.origin,
            repo: repoOf(version.modelName),
            revision: `v${version.number}`,
            file: gguf?.path,
          })}
          label={words.code(words.tools[tool])}
        />
      )}
      {tool === 'llama' && !without && <p className="text-xs text-fg-2">{words.llamaDefault}</p>}
      <p className="text-xs text-fg-2">{version.state === 'published' ? words.published : words.notYet}</p>
      {version.state === 'published' && can('token.write') && (
        <div>
          <ButtonLink icon="key" search={{ create: 'new' }} small to="/settings/tokens">
            {words.token}
          </ButtonLink>
        </div>
      )}
    </div>
  )
}
