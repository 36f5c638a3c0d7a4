import { text } from '../../../text.ts'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { Time } from '../../../ui/time.tsx'
import { SettingsFrame } from '../settings-frame.tsx'
import { ProfileForm } from './profile-form.tsx'
import { useProfile } from './use-profile.ts'
import { profileWords as words } from './words.ts'

/** What licenses ask about the organization; every license is judged by it. */
export function LicenseProfilePage() {
  const profile = useProfile()
  return (
    <SettingsFrame
      at="/settings/licenses"
      note={<span className="max-md:hidden">{words.note}</span>}
      title={text.nav.licenses}
    >
      {profile.isError ? (
        <ProblemBox error={profile.error} onRetry={() => void profile.refetch()} />
      ) : profile.data === undefined ? (
        <SkeletonCard lines={6} />
      ) : (
        <div className="grid max-w-3xl grid-cols-1 gap-4">
          <p className="text-fg-2">
            {words.lead}{' '}
            <span className="text-fg-3">
              {profile.data.updatedBy === null ? (
                words.never
              ) : (
                <>
                  {words.updated(profile.data.updatedBy)}, <Time at={profile.data.updatedAt} full />.
                </>
              )}
            </span>
          </p>
          <ProfileForm key={profile.data.revision} stored={profile.data} />
        </div>
      )}
    </SettingsFrame>
  )
}
