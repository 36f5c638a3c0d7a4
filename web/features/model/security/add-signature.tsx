import { useState } from 'react'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input, Textarea } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import type { Version } from '../use-model.ts'
import { useAddSignature } from './use-security.ts'
import { signatureWords as words } from './words.ts'

/** Takes a signature that came by another way than the files; the hub checks it at once. */
export function AddSignature({ version, onClose }: { version: Version; onClose: () => void }) {
  const add = useAddSignature(version)
  const [bundle, setBundle] = useState('')
  const parsed = parse(bundle)
  const act = () => {
    if (parsed !== undefined) add.mutate(parsed, { onSuccess: onClose })
  }
  return (
    <Dialog
      description={words.addNote}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={add.isPending} look="ink" onClick={act} reason={parsed === undefined ? words.notJson : null}>
            {words.check}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.addTitle}
    >
      <div className="grid gap-3">
        <Field label={words.file} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              accept=".sig,.json,application/json"
              className="py-1"
              onChange={(event) => {
                void event.target.files?.[0]?.text().then(setBundle)
              }}
              type="file"
            />
          )}
        </Field>
        <Field
          error={bundle.trim() !== '' && parsed === undefined ? words.notJson : undefined}
          hint={words.bundleHint}
          label={words.bundle}
        >
          {(wired) => (
            <Textarea
              {...wired}
              className="font-mono text-xs"
              onChange={(event) => setBundle(event.target.value)}
              rows={6}
              spellCheck={false}
              value={bundle}
            />
          )}
        </Field>
        {add.isError && <ProblemBox error={add.error} live />}
      </div>
    </Dialog>
  )
}

function parse(words: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(words)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
