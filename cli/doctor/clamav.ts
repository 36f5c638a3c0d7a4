import { messageOf } from '../../kernel/index.ts'
import { askClamavVersion, clamavAddressText } from '../../server/platform/clamav.ts'
import { type DoctorCheck, fail, ok, warn } from './check.ts'

const dayMs = 86_400_000
/** Days after which signatures are called old: new ones come out every day. */
const oldDays = 7

/** Where a virus scanner is to be asked, it answers, and its signatures are not old. */
export const checkClamav: DoctorCheck = async ({ config, ctx }) => {
  if (config?.clamav === undefined) return []
  const where = clamavAddressText(config.clamav)
  const said = await askClamavVersion(config.clamav, ctx.signal()).catch((error: unknown) => ({ error }))
  if ('error' in said) {
    const cause = said.error instanceof Error && said.error.cause !== undefined ? said.error.cause : said.error
    return [
      fail(
        'clamav',
        `clamd at ${where} does not answer (${messageOf(cause)}): what it is not asked about counts as not examined`,
        'Start clamd, or correct or leave out MODELHUB_CLAMAV; then scan again what is incomplete.',
      ),
    ]
  }
  const { engine, database, databaseAt } = said
  const answers = `${engine} at ${where} answers`
  if (database === null || databaseAt === null) {
    return [
      warn('clamav', `${answers}; it says no date of its signatures`, 'Run freshclam, and look at the log of clamd.'),
    ]
  }
  const days = Math.floor((ctx.clock.now() - databaseAt.getTime()) / dayMs)
  const signatures = `signatures ${database} of ${databaseAt.toISOString().slice(0, 10)}`
  if (days > oldDays) return [warn('clamav', `${answers}; its ${signatures} are ${days} days old`, 'Run freshclam.')]
  return [ok('clamav', `${answers}, ${signatures}`)]
}
