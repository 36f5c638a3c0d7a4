import { useCredentials } from '../../../app/use-providers.ts'
import { text } from '../../../text.ts'
import { Fact } from '../../../ui/card.tsx'
import { wizard } from '../words.ts'
import type { Draft } from './draft.ts'
import { labelOf } from './draft-source.ts'

/** Where it comes from, in the words of its kind. The query of an address is not shown. */
export function ReviewSource({ draft }: { draft: Draft }) {
  const { huggingface, url, disk, cloud } = draft
  const address = <code className="text-xs break-all">{labelOf(draft) || text.common.unknown}</code>
  switch (draft.source) {
    case null:
      return null
    case 'huggingface':
      return (
        <>
          <Fact label={text.sources.huggingface}>{address}</Fact>
          <Fact label={wizard.huggingface.revision}>
            {huggingface.revision || 'main'}
            {huggingface.commit !== null && (
              <>
                {' @ '}
                <code className="text-xs" title={huggingface.commit}>
                  {huggingface.commit.slice(0, 12)}
                </code>
              </>
            )}
          </Fact>
          {(huggingface.include !== '' || huggingface.exclude !== '') && (
            <Fact label={wizard.patterns}>
              <code className="text-xs break-all">
                {[huggingface.include, huggingface.exclude === '' ? '' : wizard.without(huggingface.exclude)]
                  .filter((word) => word !== '')
                  .join(', ')}
              </code>
            </Fact>
          )}
          <CredentialFact id={huggingface.credential} kind="huggingface" />
          {huggingface.watch && <Fact label={wizard.huggingface.watch}>{text.common.yes}</Fact>}
        </>
      )
    case 'url':
      return (
        <>
          <Fact label={text.sources.url}>{address}</Fact>
          <Fact label={wizard.url.digest}>
            <code className="text-xs break-all">{url.sha256.trim() || wizard.url.noDigest}</code>
          </Fact>
          <CredentialFact id={url.credential} kind="bearer" />
        </>
      )
    case 'disk':
      return (
        <>
          <Fact label={disk.from === 'upload' ? wizard.upload.label : wizard.path}>{address}</Fact>
          {disk.from === 'path' && (
            <Fact label={wizard.mode}>{disk.mode === 'copy' ? wizard.copy : wizard.inPlace}</Fact>
          )}
        </>
      )
    case 'cloud':
      return (
        <>
          <Fact label={wizard.hosted.model}>{address}</Fact>
          {cloud.region !== '' && <Fact label={wizard.hosted.region}>{cloud.region}</Fact>}
          <CredentialFact id={cloud.credential} kind={cloud.provider} />
        </>
      )
  }
}

function CredentialFact({ id, kind }: { id: string; kind: string }) {
  const credentials = useCredentials(kind, id !== '')
  if (id === '') return null
  return <Fact label={wizard.credential.label}>{credentials.data?.find((one) => one.id === id)?.name ?? id}</Fact>
}
