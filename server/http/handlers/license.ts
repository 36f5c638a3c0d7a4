import {
  acceptLicense,
  answerQuestion,
  attachLicense,
  decideLicense,
  listAcceptances,
  listAnswers,
  listDecisions,
  listLicenses,
  removeAnswer,
  removeLicense,
  showLicense,
} from '../../modules/license/index.ts'
import { changeLicenseProfile, showLicenseProfile } from '../../modules/lifecycle/index.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'

type Ids =
  | 'getVersionLicense'
  | 'listLicenseDecisions'
  | 'createLicenseDecision'
  | 'listLicenseAcceptances'
  | 'acceptLicense'
  | 'attachLicense'
  | 'removeLicense'
  | 'listLicenseAnswers'
  | 'answerLicenseQuestion'
  | 'removeLicenseAnswer'
  | 'listLicenses'
  | 'getLicenseProfile'
  | 'putLicenseProfile'

export function licenseHandlers({ lifecycle }: HandlerDeps): Pick<Handlers, Ids> {
  const { db } = lifecycle.database
  return {
    getVersionLicense: ({ params }) => showLicense(lifecycle, params.id),
    listLicenseDecisions: ({ params, query }) => listDecisions(lifecycle, params.id, withCursor(query)),
    createLicenseDecision: ({ params, body }, { actor, once }) =>
      once(lifecycle, (deps) => decideLicense(deps, actor, params.id, body)),
    listLicenseAcceptances: ({ params, query }) => listAcceptances(db, params.id, withCursor(query)),
    acceptLicense: ({ params, body }, { actor, once }) =>
      once(lifecycle, (deps) => acceptLicense(deps, actor, params.id, body)),
    attachLicense: ({ params, body }, { actor, once }) =>
      once(lifecycle, (deps) => attachLicense(deps, actor, params.id, body)),
    removeLicense: async ({ params, body }, { actor }) => {
      await removeLicense(lifecycle, actor, params.id, params.file, body.reason)
      return showLicense(lifecycle, params.id)
    },
    listLicenseAnswers: ({ params, query }) => listAnswers(lifecycle, params.id, withCursor(query)),
    answerLicenseQuestion: ({ params, body }, { actor, once }) =>
      once(lifecycle, (deps) => answerQuestion(deps, actor, params.id, body)),
    removeLicenseAnswer: async ({ params, body }, { actor }) => {
      await removeAnswer(lifecycle, actor, params.id, params.answer, body.reason)
      return showLicense(lifecycle, params.id)
    },
    listLicenses: ({ query }) => {
      const { q, class: licenseClass, family, ...page } = withCursor(query)
      return listLicenses(db, {
        ...page,
        ...(q === undefined ? {} : { q }),
        ...(licenseClass === undefined ? {} : { class: licenseClass }),
        ...(family === undefined ? {} : { family }),
      })
    },
    getLicenseProfile: () => showLicenseProfile(db),
    putLicenseProfile: ({ body }, { actor }) => changeLicenseProfile(lifecycle, actor, body),
  }
}
