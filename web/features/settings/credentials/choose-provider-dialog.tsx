import { useState } from 'react'
import { type Provider, useProviders } from '../../../app/use-providers.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Input } from '../../../ui/field.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Monogram } from '../../../ui/monogram.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { providerWords, credentialWords as words } from '../words.ts'

/** The first question of a new credential: what it is for. */
export function ChooseProviderDialog({
  onChoose,
  onClose,
}: {
  onChoose: (provider: Provider) => void
  onClose: () => void
}) {
  const providers = useProviders()
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const shown = (providers.data ?? []).filter(({ title, kind }) =>
    [title, kind].some((word) => word.toLowerCase().includes(wanted)),
  )
  return (
    <Dialog description={words.chooseLead} onClose={onClose} open title={words.chooseTitle}>
      <Input
        aria-label={words.choose}
        autoComplete="off"
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const [first] = shown
          if (event.key === 'Enter' && first !== undefined) onChoose(first)
        }}
        placeholder={words.choose}
        spellCheck={false}
        type="text"
        value={query}
      />
      <div className="mt-3">
        {providers.isError ? (
          <ProblemBox error={providers.error} onRetry={() => void providers.refetch()} />
        ) : providers.data === undefined ? (
          <SkeletonRows rows={6} />
        ) : shown.length === 0 ? (
          <p className="py-3 text-fg-2">{words.chooseNone}</p>
        ) : (
          <ul className="-mx-2 grid grid-cols-1">
            {shown.map((provider) => (
              <li key={provider.kind}>
                <button
                  className="flex min-h-11 w-full items-center gap-3 rounded-control px-2 py-1.5 text-left hover:bg-hover"
                  onClick={() => onChoose(provider)}
                  type="button"
                >
                  <Monogram name={provider.title} />
                  <span className="min-w-0 grow">
                    <span className="block truncate font-medium">{provider.title}</span>
                    <span className="block truncate text-xs text-fg-3">{needsOf(provider)}</span>
                  </span>
                  <Icon className="text-fg-3" name="chevron-right" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}

/** What a credential of this provider holds, in words. */
export const needsOf = ({ fields }: Provider): string =>
  fields.length === 0
    ? providerWords.needsNothing
    : fields.map(({ title, required }) => (required ? title : providerWords.optional(title))).join(', ')
