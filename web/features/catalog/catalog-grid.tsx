import type { ReactNode } from 'react'
import { text } from '../../text.ts'
import { StatusChip, StatusText } from '../../ui/chip.tsx'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { licenseStatus, scanStatus, stateStatus } from '../../ui/status.ts'
import { Context, OutputSpeed, Quality, Size, Ttft } from './figures.tsx'
import { ModelIdentity } from './model-identity.tsx'
import type { Model } from './use-catalog.ts'

/** A list of articles: cards side by side, or edge to edge on a phone, where the table gives way to them. */
export function CatalogGrid({ items, active, onlyNarrow }: { items: Model[]; active: number; onlyNarrow: boolean }) {
  return (
    <ul
      className={cx(
        'grid gap-0 max-md:-mx-4 max-md:border-t max-md:border-line md:grid-cols-2 md:gap-3 xl:grid-cols-3 2xl:grid-cols-4',
        onlyNarrow && 'md:hidden',
      )}
    >
      {items.map((model, index) => (
        <li className="min-w-0" key={model.id}>
          <ModelCard active={index === active && !onlyNarrow} model={model} />
        </li>
      ))}
    </ul>
  )
}

function ModelCard({ model, active }: { model: Model; active: boolean }) {
  return (
    <article
      className={cx(
        'relative flex h-full flex-col bg-surface max-md:border-b max-md:border-line max-md:bg-transparent md:rounded-card md:border md:border-line hover:bg-hover',
        active && 'outline-2 outline-focus',
      )}
      data-row={active || undefined}
    >
      <div className="flex items-start gap-3 px-4 pt-3.5">
        <Monogram name={model.name} size={36} />
        <h2 className="min-w-0 grow font-normal">
          <ModelIdentity model={model} />
        </h2>
        <Icon className="mt-2 text-fg-3 md:hidden" name="chevron-right" />
      </div>
      <p className="mt-2.5 line-clamp-2 min-h-9 px-4 text-fg-2 max-md:hidden">
        {model.description === '' ? <span className="text-fg-3">{text.catalog.noDescription}</span> : model.description}
      </p>
      <dl className="mt-2.5 grid grid-cols-4 gap-2 px-4">
        <Figure label={text.catalog.columns.quality}>
          <Quality brief model={model} />
        </Figure>
        <Figure label={text.catalog.columns.ttft}>
          <Ttft model={model} />
        </Figure>
        <Figure label={text.catalog.columns.speed}>
          <OutputSpeed model={model} />
        </Figure>
        <Figure label={text.catalog.columns.context}>
          <Context model={model} />
        </Figure>
      </dl>
      <div className="mt-3 mb-3 flex min-w-0 flex-wrap items-center gap-1.5 px-4">
        <StatusChip status={stateStatus(model.state)} />
        <StatusChip status={scanStatus(model.defaultVersion)} />
        <StatusText className="pl-1 text-xs" status={licenseStatus(model.defaultVersion.license)} />
      </div>
      <p className="mt-auto flex gap-3 border-t border-line px-4 py-2 text-xs text-fg-3 max-md:hidden">
        <span className={cx('min-w-0 grow truncate', model.state === 'needs_attention' && 'text-warn-fg')}>
          {footer(model)}
        </span>
        <Size model={model} />
      </p>
    </article>
  )
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs text-fg-3">{label}</dt>
      <dd className="truncate">{children}</dd>
    </div>
  )
}

function footer(model: Model): string {
  const words = text.catalog.footer
  const { state, defaultVersion: version } = model
  if (state === 'needs_attention') return version.stateReason?.message ?? words.needs
  if (state === 'published') return words.servedAs
  if (state === 'verified') return version.evidence.quality === null ? words.noEvidence : words.ready
  if (state === 'evaluated') return words.ready
  return words[state]
}
