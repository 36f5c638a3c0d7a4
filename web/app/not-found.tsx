import { text } from '../text.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

export function NotFoundPage() {
  return (
    <main className="mx-auto grid w-full max-w-2xl gap-4 p-6" id="main">
      <h1 className="text-xl font-semibold">{text.problem.notFoundTitle}</h1>
      <Empty
        action={
          <ButtonLink look="ink" to="/models">
            {text.problem.toCatalog}
          </ButtonLink>
        }
        title={text.problem.notFound}
      />
    </main>
  )
}
