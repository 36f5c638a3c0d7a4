import { useMutation } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub } from '../../../app/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { saveFile } from '../../../ui/save-file.ts'
import type { Version } from '../use-model.ts'
import { downloadWords as words } from './words.ts'

const kinds = ['sarif', 'json', 'sbom', 'attestation', 'signature'] as const
type Kind = (typeof kinds)[number]

const endings: Record<Kind, string> = {
  sarif: 'sarif',
  json: 'scan.json',
  sbom: 'cdx.json',
  attestation: 'attestation.sigstore.json',
  signature: 'model.sig',
}

async function read(kind: Kind, id: string): Promise<Record<string, unknown>> {
  const path = { id }
  if (kind === 'sbom') return unwrap(hub.GET('/versions/{id}/sbom', { params: { path } }))
  if (kind === 'attestation') return unwrap(hub.GET('/versions/{id}/attestation', { params: { path } }))
  if (kind === 'signature') return unwrap(hub.GET('/versions/{id}/signature', { params: { path } }))
  return unwrap(hub.GET('/versions/{id}/scan/report', { params: { path, query: { format: kind } } }))
}

/** Asks for a document and hands it to the browser; what the hub refuses is shown, not saved. */
export function useDownload(version: Version) {
  return useMutation({
    mutationFn: async (kind: Kind) => {
      const content = JSON.stringify(await read(kind, version.id), null, 2)
      const name = `${version.modelName.replaceAll('/', '_')}-v${version.number}.${endings[kind]}`
      saveFile(name, 'application/json', [content, '\n'])
    },
  })
}

export function DownloadMenu({ download }: { download: ReturnType<typeof useDownload> }) {
  return (
    <Menu
      trigger={
        <Button busy={download.isPending} icon="arrow-down" look="quiet" small>
          {words.menu}
          <Icon name="chevron-down" size={14} />
        </Button>
      }
    >
      {kinds.map((kind) => (
        <MenuItem icon="file" key={kind} onSelect={() => download.mutate(kind)}>
          {words[kind]}
        </MenuItem>
      ))}
    </Menu>
  )
}
