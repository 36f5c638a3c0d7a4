import { useNavigate } from '@tanstack/react-router'
import type { ModelTab } from '../../app/search.ts'
import { useCan } from '../../app/session.ts'
import { shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { StatusChip, StatusText, Tag } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { licenseStatus, scanStatus, stateStatus } from '../../ui/status.ts'
import { Time } from '../../ui/time.tsx'
import { publisherOf, shortName } from '../catalog/model-identity.tsx'
import { MainAction } from './main-action.tsx'
import { type ActionName, type Actions, answerOf } from './use-actions.ts'
import { type Model, type Readiness, useVersions, type Version } from './use-model.ts'
import { bundleWords } from './words.ts'

type Props = {
  model: Model
  version: Version
  actions: Actions
  readiness: Readiness | undefined
  tab: ModelTab
  onReplaceLink: () => void
}

const sourceIcons = { cloud: 'cloud', huggingface: 'onboard', url: 'link', disk: 'disk' } as const

export function ModelHeader({ model, version, actions, readiness, tab, onReplaceLink }: Props) {
  const license = licenseStatus(version.license)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <Monogram className="rounded-card!" name={model.name} size={44} />
      <div className="min-w-0 grow basis-64">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <h1 className="max-w-full truncate text-xl font-semibold" title={model.name}>
            {shortName(model.name)}
            {tab !== 'overview' && <span className="sr-only">, {text.model.tabs[tab]}</span>}
          </h1>
          <StatusChip status={stateStatus(version.state)} />
          <VersionMenu model={model} version={version} />
        </div>
        <div className="mt-1.5 flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-xs text-fg-2">
          <span>{publisherOf(model.name) ?? model.projectName}</span>
          {version.modality !== null && (
            <Tag>
              <Icon name={version.modality === 'image' ? 'image' : 'text'} size={13} />
              {text.modalities[version.modality]}
            </Tag>
          )}
          <Tag>
            <Icon name={sourceIcons[version.source.type]} size={13} />
            {version.hosted?.providerTitle ?? text.sources[version.source.type]}
          </Tag>
          <StatusText status={scanStatus(version)} />
          <StatusText className="max-w-56" status={license} />
          {model.starter && <Tag>{text.catalog.starter}</Tag>}
          <span className="text-fg-3">
            {text.model.updated} <Time at={version.updatedAt} />
          </span>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <RunMenu actions={actions} readiness={readiness} version={version} />
        <MainAction actions={actions} onReplaceLink={onReplaceLink} readiness={readiness} version={version} />
        <MoreMenu actions={actions} onReplaceLink={onReplaceLink} readiness={readiness} version={version} />
      </div>
    </div>
  )
}

function VersionMenu({ model, version }: { model: Model; version: Version }) {
  const navigate = useNavigate()
  const versions = useVersions(model.id).data ?? [version]
  return (
    <Menu
      align="start"
      trigger={
        <button
          className="relative inline-flex h-6 items-center gap-1.5 rounded-tag pointer-coarse:before:absolute pointer-coarse:before:-inset-2.5 border border-line-2 px-1.5 font-mono text-2xs text-fg-2 hover:bg-hover"
          type="button"
        >
          <span className="sr-only">{text.model.chooseVersion}</span>
          {text.common.version(version.number)}
          {version.digest !== null && <span>· {version.digest.replace(/^sha256:/, '').slice(0, 8)}</span>}
          <Icon name="chevron-down" size={12} />
        </button>
      }
    >
      <MenuChoice
        label={text.model.versionsOf}
        onChange={(number) =>
          void navigate({ to: '/models/$', params: { _splat: `${model.name}@${number}` }, search: true })
        }
        options={versions.map((other) => ({
          value: String(other.number),
          label: (
            <span className="flex items-center gap-3">
              <span className="font-mono text-xs">{text.common.version(other.number)}</span>
              <span className="text-xs text-fg-3">{stateStatus(other.state).label}</span>
              {other.digest !== null && <code className="text-2xs text-fg-3">{shortId(other.digest)}</code>}
            </span>
          ),
        }))}
        value={String(version.number)}
      />
    </Menu>
  )
}

type MenuProps = { version: Version; actions: Actions; readiness: Readiness | undefined }

function RunMenu({ version, actions, readiness }: MenuProps) {
  const navigate = useNavigate()
  const offered = (['run_benchmark', 'run_evaluation', 'rescan'] as const).filter((name) => answerOf(readiness, name))
  if (offered.length === 0 && version.state !== 'published') return null
  const icons = { run_benchmark: 'gauge', run_evaluation: 'flask', rescan: 'refresh' } as const
  return (
    <Menu
      trigger={
        <Button icon="play">
          {text.model.run}
          <Icon name="chevron-down" size={14} />
        </Button>
      }
    >
      {offered.map((name) => (
        <ActionItem actions={actions} icon={icons[name]} key={name} name={name} readiness={readiness} />
      ))}
      {version.state === 'published' && (
        <MenuItem
          icon="playground"
          onSelect={() => void navigate({ to: '/playground', search: { model: version.modelName } })}
        >
          {text.model.actions.playground}
        </MenuItem>
      )}
    </Menu>
  )
}

function MoreMenu({ actions, readiness, version, onReplaceLink }: MenuProps & { onReplaceLink: () => void }) {
  const can = useCan()
  const shown = (['publish', 'approve', 'retry', 'unpublish', 'archive'] as const).filter((name) =>
    answerOf(readiness, name),
  )
  const mayRemove = can('model.write') && ['draft', 'needs_attention', 'archived'].includes(version.state)
  const mayRelink =
    can('model.write') &&
    version.source.type === 'url' &&
    ['draft', 'ingesting', 'needs_attention'].includes(version.state)
  const mayExport = version.hosted === null && (version.state === 'published' || can('model.write'))
  if (shown.length === 0 && !mayRemove && !mayRelink && !mayExport) return null
  const icons = {
    publish: 'stamp',
    approve: 'check',
    retry: 'refresh',
    unpublish: 'unpublish',
    archive: 'archive',
  } as const
  return (
    <Menu
      trigger={<IconButton className="border border-line-2 bg-surface" icon="more" label={text.model.moreActions} />}
    >
      {shown.map((name) => (
        <ActionItem
          actions={actions}
          danger={name === 'archive' || name === 'unpublish'}
          icon={icons[name]}
          key={name}
          name={name}
          readiness={readiness}
        />
      ))}
      {shown.length > 0 && (mayRelink || mayExport) && <MenuLine />}
      {mayRelink && (
        <MenuItem icon="link" onSelect={onReplaceLink}>
          {text.freshLink.open}
        </MenuItem>
      )}
      {mayExport && (
        <MenuItem
          icon="arrow-down"
          onSelect={() => location.assign(`/api/v1/versions/${version.id}/bundle`)}
          reason={version.digest === null ? bundleWords.notSealed : null}
        >
          {bundleWords.export}
          <span className="block text-xs text-fg-3">{bundleWords.note}</span>
        </MenuItem>
      )}
      {mayRemove && (
        <>
          {(shown.length > 0 || mayRelink || mayExport) && <MenuLine />}
          <MenuItem danger icon="trash" onSelect={() => actions.start('remove')}>
            {text.model.actions.remove}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}

function ActionItem({
  name,
  actions,
  readiness,
  icon,
  danger = false,
}: {
  name: ActionName
  actions: Actions
  readiness: Readiness | undefined
  icon: 'gauge' | 'flask' | 'refresh' | 'stamp' | 'check' | 'unpublish' | 'archive'
  danger?: boolean
}) {
  const answer = answerOf(readiness, name)
  return (
    <MenuItem
      danger={danger}
      icon={icon}
      onSelect={() => actions.start(name)}
      reason={answer?.allowed === false ? (answer.reason ?? text.problem.forbidden) : null}
    >
      {text.model.actions[name]}
    </MenuItem>
  )
}
