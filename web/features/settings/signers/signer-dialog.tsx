import { useState } from 'react'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input, Textarea } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { type Signer, useCreateSigner } from './use-signers.ts'
import { signerWords as words } from './words.ts'

type Kind = Signer['kind']

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

/** Whom to trust, what proves that it is they, and for which sources. */
export function SignerDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateSigner()
  const [kind, setKind] = useState<Kind>('key')
  const [name, setName] = useState('')
  const [material, setMaterial] = useState('')
  const [identity, setIdentity] = useState('')
  const [issuer, setIssuer] = useState('')
  const [sources, setSources] = useState('*')
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const patterns = sources
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const proved = kind === 'sigstore' ? identity.trim() !== '' && issuer.trim() !== '' : material.trim() !== ''
  const missing = name.trim() === '' || !proved || patterns.length === 0 || reason.trim() === ''
  const act = () =>
    create.mutate(
      {
        name: name.trim(),
        kind,
        ...(kind === 'sigstore' ? {} : { material: material.trim() }),
        ...(kind === 'key' || identity.trim() === '' ? {} : { identity: identity.trim() }),
        ...(kind === 'sigstore' ? { issuer: issuer.trim() } : {}),
        sources: patterns,
        ...(until === '' ? {} : { expiresAt: `${until}T23:59:59Z` }),
        reason: reason.trim(),
      },
      { onSuccess: onClose },
    )
  return (
    <Dialog
      description={words.createNote}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={create.isPending} look="ink" onClick={act} reason={missing ? words.missing : null}>
            {words.save}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.createTitle}
    >
      <div className="grid gap-3">
        <Field hint={words.nameHint} label={words.name}>
          {(wired) => (
            <Input {...wired} maxLength={200} onChange={(event) => setName(event.target.value)} value={name} />
          )}
        </Field>
        <div className="grid justify-items-start gap-1">
          <span className="font-medium">{words.kind}</span>
          <Segmented
            label={words.kind}
            onChange={setKind}
            options={(['key', 'certificate', 'sigstore'] as const).map((value) => ({
              value,
              label: words.kinds[value],
            }))}
            value={kind}
          />
          {kind === 'sigstore' && <p className="text-xs text-fg-3">{words.sigstoreHint}</p>}
        </div>
        {kind !== 'sigstore' && (
          <Field label={words.material[kind]}>
            {(wired) => (
              <Textarea
                {...wired}
                className="font-mono text-xs"
                onChange={(event) => setMaterial(event.target.value)}
                rows={4}
                spellCheck={false}
                value={material}
              />
            )}
          </Field>
        )}
        {kind !== 'key' && (
          <Field
            hint={words.identityHint}
            label={words.identity}
            {...(kind === 'sigstore' ? {} : { optional: text.common.optional })}
          >
            {(wired) => <Input {...wired} onChange={(event) => setIdentity(event.target.value)} value={identity} />}
          </Field>
        )}
        {kind === 'sigstore' && (
          <Field hint={words.issuerHint} label={words.issuer}>
            {(wired) => <Input {...wired} onChange={(event) => setIssuer(event.target.value)} value={issuer} />}
          </Field>
        )}
        <Field hint={words.sourcesHint} label={words.sources}>
          {(wired) => (
            <Textarea
              {...wired}
              className="font-mono text-xs"
              onChange={(event) => setSources(event.target.value)}
              rows={2}
              spellCheck={false}
              value={sources}
            />
          )}
        </Field>
        <Field hint={words.untilHint} label={words.until} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              min={tomorrow()}
              onChange={(event) => setUntil(event.target.value)}
              type="date"
              value={until}
            />
          )}
        </Field>
        <Field hint={words.reasonHint} label={words.reason}>
          {(wired) => (
            <Textarea
              {...wired}
              maxLength={2_000}
              onChange={(event) => setReason(event.target.value)}
              rows={2}
              value={reason}
            />
          )}
        </Field>
        {create.isError && <ProblemBox error={create.error} live />}
      </div>
    </Dialog>
  )
}
