import { Field, Input } from '../../../ui/field.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { UploadBox } from '../upload/upload-box.tsx'
import { wizard } from '../words.ts'
import { ChoiceCard } from './choice-card.tsx'
import { DiskPicker } from './disk-picker.tsx'
import type { ChangeDraft, Draft } from './draft.ts'

export function DetailsDisk({ draft, change, form }: { draft: Draft; change: ChangeDraft; form: string }) {
  const given = draft.disk
  const set = (next: Partial<Draft['disk']>) => change({ disk: { ...given, ...next } })
  return (
    <>
      <div>
        <Segmented
          label={wizard.where}
          onChange={(from) => set({ from })}
          options={[
            { value: 'path', label: wizard.fromPath, icon: 'disk' },
            { value: 'upload', label: wizard.fromUpload, icon: 'upload' },
          ]}
          value={given.from}
        />
      </div>
      {given.from === 'upload' ? (
        <UploadBox
          form={form}
          onForget={() => set({ upload: '', uploadName: '', uploadReady: false })}
          project={draft.project}
          ready={given.uploadReady}
          upload={given.upload}
        />
      ) : (
        <FromPath given={given} set={set} />
      )}
    </>
  )
}

function FromPath({ given, set }: { given: Draft['disk']; set: (next: Partial<Draft['disk']>) => void }) {
  return (
    <>
      <Field hint={wizard.pathHint} label={wizard.path}>
        {(wired) => (
          <Input
            {...wired}
            autoComplete="off"
            className="font-mono text-xs"
            maxLength={4_096}
            onChange={(event) => set({ path: event.target.value })}
            spellCheck={false}
            value={given.path}
          />
        )}
      </Field>
      <DiskPicker onChoose={(path) => set({ path })} path={given.path} />
      <fieldset className="grid gap-2">
        <legend className="mb-2 font-medium">{wizard.mode}</legend>
        <ChoiceCard
          checked={given.mode === 'in_place'}
          name="mode"
          note={wizard.inPlaceNote}
          onChoose={() => set({ mode: 'in_place' })}
          title={wizard.inPlace}
        />
        <ChoiceCard
          checked={given.mode === 'copy'}
          name="mode"
          note={wizard.copyNote}
          onChoose={() => set({ mode: 'copy' })}
          title={wizard.copy}
        />
      </fieldset>
    </>
  )
}
