import { dayTime } from '../../../format.ts'
import { Banner } from '../../../ui/banner.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead } from '../../../ui/card.tsx'
import type { Version } from '../use-model.ts'
import { ScanDiff } from './scan-diff.tsx'
import { type Scan, useScans } from './use-security.ts'
import { pastWords as words } from './words.ts'

/** Says that an older scan is looked at, not what holds today. */
export function PastBanner({ scan, onBack }: { scan: Scan; onBack: () => void }) {
  return (
    <Banner
      action={
        <Button icon="arrow-right" onClick={onBack} small>
          {words.back}
        </Button>
      }
      icon="scroll"
      title={scan.at === null ? words.title : words.titleOf(dayTime(scan.at))}
      tone="part"
    >
      {words.body}
    </Banner>
  )
}

/** What an older scan said otherwise than the one before it, or than another that is chosen. */
export function PastChanges({
  version,
  scan,
  other,
  onOther,
}: {
  version: Version
  scan: Scan & { id: string }
  other: string | undefined
  onOther: (id: string | undefined) => void
}) {
  const items = useScans(version).data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card>
      <CardHead note={words.changesNote} title={words.changes} />
      <div className="px-4 pb-4">
        <ScanDiff
          items={items}
          onOther={onOther}
          other={other}
          scan={{ id: scan.id, at: scan.at ?? '' }}
          version={version}
        />
      </div>
    </Card>
  )
}
