import { useState } from 'react'
import { type Language, snippet } from '../../app/snippets.ts'
import { text } from '../../text.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Segmented } from '../../ui/segmented.tsx'

const words = text.model.use

export function CodeSamples({
  gatewayUrl,
  model,
  prompt,
}: {
  gatewayUrl: string
  model: string
  prompt: string | undefined
}) {
  const [language, setLanguage] = useState<Language>('curl')
  return (
    <div className="grid grid-cols-1 gap-3">
      <Segmented
        fill
        label={words.title}
        onChange={setLanguage}
        options={(['curl', 'python', 'javascript'] as const).map((value) => ({ value, label: words.languages[value] }))}
        value={language}
      />
      <CodeBlock
        code={snippet(language, { gatewayUrl, model, prompt: prompt ?? words.prompt })}
        label={words.codeLabel(words.languages[language])}
      />
      <p className="text-xs text-fg-2">{words.needsKey}</p>
    </div>
  )
}
