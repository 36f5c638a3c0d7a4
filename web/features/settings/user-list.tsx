import { Link } from '@tanstack/react-router'
import { StatusText } from '../../ui/chip.tsx'
import { type LifecycleState, stateStatus } from '../../ui/status.ts'
import { credentialWords as words } from './words.ts'

/** Versions that use something, with their state and a way to each. */
export function UserList({ users, count }: { users: { id: string; name: string; state: string }[]; count: number }) {
  return (
    <ul className="grid gap-1.5">
      {users.map((user) => (
        <li className="flex min-w-0 items-center justify-between gap-3" key={user.id}>
          <Link
            className="truncate rounded-tag leading-6 text-accent-fg hover:underline"
            params={{ _splat: user.name }}
            to="/models/$"
          >
            {user.name}
          </Link>
          <StatusText className="shrink-0" status={stateStatus(user.state as LifecycleState)} />
        </li>
      ))}
      {count > users.length && <li className="text-xs text-fg-3">{words.usedByMore(count - users.length)}</li>}
    </ul>
  )
}
