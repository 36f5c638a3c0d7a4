import { useState } from 'react'
import type { Schema } from '../../../app/client.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { providerWords as words } from '../words.ts'
import { type CatalogReport, useImportCatalog } from './use-catalog-data.ts'

/** The hub takes no larger one. */
const maxBytes = 16 << 20

/** Sends a catalog file of this computer to the hub. */
export function ImportCatalogDialog({
  onClose,
  onTaken,
}: {
  onClose: () => void
  onTaken: (report: CatalogReport) => void
}) {
  const send = useImportCatalog()
  const [file, setFile] = useState<File | null>(null)
  const [date, setDate] = useState('')
  const [bad, setBad] = useState<string>()
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const start = async () => {
    if (file === null) return
    const document = file.size > maxBytes ? undefined : await parsed(file)
    if (document === undefined) setBad(file.size > maxBytes ? words.fileTooLarge : words.fileNotJson)
    else send.mutate({ document, date }, { onSuccess: onTaken })
  }
  return (
    <Dialog
      description={words.importLead}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button
            busy={send.isPending}
            look="ink"
            onClick={() => void start()}
            reason={file === null ? words.fileMissing : null}
          >
            {words.importRun}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.importTitle}
    >
      <div className="grid gap-4">
        {send.isError && <ProblemBox error={send.error} live />}
        <Field error={bad} hint={words.fileHint} label={words.file}>
          {(wired) => (
            <input
              {...wired}
              accept="application/json,.json"
              className="w-full rounded-control border border-line-input bg-surface text-sm file:mr-3 file:h-(--control) file:border-0 file:border-r file:border-line-2 file:bg-sunken file:px-3 file:font-medium file:text-fg"
              onChange={(event) => {
                setFile(event.target.files?.[0] ?? null)
                setBad(undefined)
              }}
              type="file"
            />
          )}
        </Field>
        <Field hint={words.dateHint} label={words.date} optional={text.common.optional}>
          {(wired) => (
            <Input {...wired} max={today} onChange={(event) => setDate(event.target.value)} type="date" value={date} />
          )}
        </Field>
      </div>
    </Dialog>
  )
}

async function parsed(file: File): Promise<Schema<'CatalogDocument'> | undefined> {
  try {
    const value: unknown = JSON.parse(await file.text())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Schema<'CatalogDocument'>)
      : undefined
  } catch {
    return undefined
  }
}
