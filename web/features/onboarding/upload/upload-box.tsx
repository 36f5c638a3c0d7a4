import { useEffect, useRef, useState } from 'react'
import { bytes, count, percent, remaining } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { useSecondsUntil } from '../job/use-seconds-until.ts'
import { wizard } from '../words.ts'
import { droppedFiles, type Picked, pickedFrom } from './picked-files.ts'
import { forgetUpload, startUpload, stopUpload, type UploadRun, useUploadRun } from './upload-run.ts'
import { useKnownUpload } from './use-known-upload.ts'

const words = wizard.upload
const mostFiles = 20_000

/** Fills the store from this computer: a folder or files, sent in parts that survive a cut, a reload and a restart of the hub. */
export function UploadBox({
  form,
  project,
  upload,
  ready,
  onForget,
}: {
  form: string
  project: string
  /** Id of the upload that the form began; empty: none. */
  upload: string
  ready: boolean
  onForget: () => void
}) {
  const run = useUploadRun(form)
  const [refused, setRefused] = useState('')
  const begin = (picked: Picked) => {
    const reason =
      picked.files.length === 0 ? words.empty : picked.files.length > mostFiles ? words.tooMany(count(mostFiles)) : ''
    setRefused(reason)
    if (reason === '') void startUpload(form, picked, project)
  }
  const forget = () => {
    forgetUpload(form)
    onForget()
  }
  const busy = run !== undefined && ['comparing', 'sending', 'checking'].includes(run.state)
  if (busy) return <Running onStop={() => stopUpload(form)} run={run} />
  if (ready) return <Ready onOther={forget} upload={upload} />
  return (
    <div className="grid gap-3">
      {run?.state === 'failed' && <ProblemBox error={run.error} live onRetry={() => begin(run.picked)} />}
      {run?.state === 'stopped' && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2 text-fg-2" role="status">
          {words.stopped(bytes(run.doneBytes))}
          <Button onClick={() => begin(run.picked)} small>
            {words.resume}
          </Button>
        </p>
      )}
      {run === undefined && upload !== '' && <LeftHalfWay upload={upload} />}
      <DropZone onPicked={begin} />
      {refused !== '' && (
        <p className="flex items-center gap-1.5 text-xs text-fail-fg" role="alert">
          <Icon name="octagon" size={13} />
          {refused}
        </p>
      )}
    </div>
  )
}

function DropZone({ onPicked }: { onPicked: (picked: Picked) => void }) {
  const [over, setOver] = useState(false)
  const folder = useRef<HTMLInputElement>(null)
  const files = useRef<HTMLInputElement>(null)
  // React does not know the attribute that makes a file dialog one for folders.
  useEffect(() => folder.current?.setAttribute('webkitdirectory', ''), [])
  const take = (input: HTMLInputElement) => {
    if (input.files !== null) onPicked(pickedFrom(input.files))
    input.value = ''
  }
  return (
    <div
      className={cx(
        'grid justify-items-center gap-3 rounded-card border border-dashed px-5 py-7 text-center',
        over ? 'border-accent bg-accent-soft' : 'border-line-input bg-surface',
      )}
      onDragLeave={() => setOver(false)}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void droppedFiles(event.dataTransfer.items).then(onPicked)
      }}
    >
      <Icon className="text-fg-3" name="upload" size={20} />
      <p className="max-w-[46ch] text-fg-2">{words.lead}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button icon="folder" onClick={() => folder.current?.click()}>
          {words.folder}
        </Button>
        <Button icon="file" onClick={() => files.current?.click()}>
          {words.files}
        </Button>
      </div>
      <input
        aria-label={words.folder}
        className="hidden"
        onChange={(event) => take(event.target)}
        ref={folder}
        tabIndex={-1}
        type="file"
      />
      <input
        aria-label={words.files}
        className="hidden"
        multiple
        onChange={(event) => take(event.target)}
        ref={files}
        tabIndex={-1}
        type="file"
      />
    </div>
  )
}

function Running({ run, onStop }: { run: UploadRun; onStop: () => void }) {
  const share = run.state === 'comparing' ? null : percent(run.doneBytes, run.totalBytes)
  const seconds = useSecondsUntil(run.retryAt)
  const left = run.rate === null || run.rate <= 0 ? null : (run.totalBytes - run.doneBytes) / run.rate
  return (
    <section aria-label={words.progress} className="grid gap-3 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 grow">
          <p className="truncate font-medium">{run.picked.name}</p>
          <p className="text-xs text-fg-2">
            {run.state === 'comparing'
              ? words.comparing
              : run.state === 'checking'
                ? words.checking
                : words.sending(bytes(run.doneBytes), bytes(run.totalBytes))}
            {run.state === 'sending' && run.rate !== null && ` · ${words.rate(bytes(Math.round(run.rate)))}`}
            {run.state === 'sending' && left !== null && ` · ${words.left(remaining(left))}`}
          </p>
        </div>
        <span className="text-md font-semibold">{share === null ? '' : `${share}%`}</span>
        {run.state === 'sending' && (
          <Button look="danger" onClick={onStop} small>
            {words.stop}
          </Button>
        )}
      </div>
      <ProgressBar label={words.progress} percent={share} />
      {seconds !== null && (
        <p className="flex items-center gap-1.5 text-xs text-warn-fg">
          <Icon name="alert" size={14} />
          {words.retrying(count(seconds))}
        </p>
      )}
      <p aria-live="polite" className="sr-only">
        {share === null ? words.comparing : `${Math.floor(share / 25) * 25}%`}
      </p>
    </section>
  )
}

function Ready({ upload, onOther }: { upload: string; onOther: () => void }) {
  const known = useKnownUpload(upload)
  if (known.isError) {
    return (
      <div className="grid justify-items-start gap-2">
        <p className="text-fail-fg">{words.gone}</p>
        <Button onClick={onOther}>{words.other}</Button>
      </div>
    )
  }
  const data = known.data
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-card border border-line bg-surface p-4" role="status">
      <Icon className="text-pass-fg" name="circle-check" size={18} />
      <div className="min-w-0 grow">
        <p className="truncate font-medium">{data?.name ?? words.label}</p>
        <p className="text-xs text-fg-2">
          {data === undefined
            ? text.common.loading
            : words.ready(text.common.files(data.fileCount), bytes(data.totalBytes))}
        </p>
      </div>
      <Button onClick={onOther} small>
        {words.other}
      </Button>
    </div>
  )
}

/** After a reload the browser has no hold of the files any more; the hub still has the bytes. */
function LeftHalfWay({ upload }: { upload: string }) {
  const known = useKnownUpload(upload)
  if (known.isError) return <p className="text-warn-fg">{words.gone}</p>
  const { data } = known
  if (data === undefined) return null
  return (
    <div className="grid gap-2 rounded-card border border-warn-line bg-warn-soft p-4" role="status">
      <p>{words.goOn(data.name ?? words.label, bytes(data.receivedBytes), bytes(data.totalBytes))}</p>
      <ProgressBar label={words.progress} percent={percent(data.receivedBytes, data.totalBytes)} />
    </div>
  )
}
