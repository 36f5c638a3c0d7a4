import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { text } from '../text.ts'
import { ProblemBox } from '../ui/problem.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'

/** A screen that could not be prepared: the hub does not answer, or a chunk of the app is gone after an upgrade. */
export function RouteError({ error }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <main className="mx-auto grid w-full max-w-2xl gap-4 p-6" id="main">
      <h1 className="text-xl font-semibold">{text.problem.page}</h1>
      <ProblemBox error={error} live onRetry={() => void router.invalidate()} />
    </main>
  )
}

export function RoutePending() {
  return (
    <main className="p-6" id="main">
      <SkeletonRows />
    </main>
  )
}
