import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { providerWords as words } from '../words.ts'
import { type CatalogReport, useRefreshCatalog } from './use-catalog-data.ts'

/** Asks before the hub goes to the network for it. */
export function RefreshCatalogDialog({
  onClose,
  onTaken,
}: {
  onClose: () => void
  onTaken: (report: CatalogReport) => void
}) {
  const refresh = useRefreshCatalog()
  return (
    <Dialog
      description={words.refreshBody}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={refresh.isPending} look="ink" onClick={() => refresh.mutate(undefined, { onSuccess: onTaken })}>
            {words.refresh}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.refreshTitle}
    >
      {refresh.isError && <ProblemBox error={refresh.error} live />}
    </Dialog>
  )
}
