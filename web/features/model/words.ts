/** Words of the model page beside those of `text.model`; here they stay in its chunk. */
const plural = (value: number, one: string, many: string): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`

export const hostedWords = {
  title: 'Hosted by a provider',
  provider: 'Provider',
  model: 'Model there',
  region: 'Region',
  noRegion: 'None chosen',
  credential: 'Credential',
  noCredential: 'None',
  openCredential: 'See credential',
  linked: 'First answered',
  notLinked: 'Not linked yet',
  gateway: 'Through the gateway',
  reached: 'Can be called',
  notReached: 'Cannot be called here',
  price: 'Price in, out',
  cached: 'Cached input',
  context: 'Context',
  retention: 'Retention',
  regions: 'Regions',
  ends: 'Ends',
  all: 'All values and sources',
  perMillion: 'per 1M',
  tokens: (value: string) => `${value} tokens`,
  filesTitle: 'No files here',
  files: (provider: string) =>
    `${provider} hosts this model. Its weights are not on this hub, so there is nothing to hash, scan or pull.`,
  retryBody: 'The credential is proved again and one token is asked for. Nothing is lost.',
}

export const noticeWords = {
  deprecated: (date: string | null) =>
    date === null ? 'The provider is ending this model' : `The provider ends this model on ${date}`,
  replacement: (name: string) => `It names ${name} as the replacement.`,
  noReplacement: 'No replacement is named.',
  from: (source: string) => `From: ${source}`,
  onboardReplacement: 'Onboard the replacement',
  driftTitle: (date: string) => `The source has a newer commit since ${date}`,
  drift: (number: number) => `v${number} is a draft of it. This version stays as it is.`,
  driftOpen: (number: number) => `Open v${number}`,
  contradictions: 'The files contradict what was said',
  doubts: 'Read with doubts',
}

export const sourceWords = {
  commit: 'Commit',
  copyCommit: 'Copy commit',
  watched: 'Watched: a new commit becomes a draft.',
  notWatched: 'Not watched for new commits.',
  hardware: 'Runs on',
  hardwares: { cpu: 'Processor', gpu: 'Accelerator' },
  anyHardware: 'Any',
  memory: 'Memory limit',
  pulls: 'Pulled',
  pulled: (files: number, size: string) => `${plural(files, 'file', 'files')}, ${size}`,
  never: 'Never',
}

export const verifyWords = {
  title: 'Read again in full',
  last: 'Last verified',
  never: 'Not since ingest.',
  note: 'Every byte is read and compared with its digest.',
  now: 'Verify now',
  mayNot: 'Needs the right to change models',
  notSealed: 'Finish the ingest first',
  history: 'Verifications',
  caption: 'Verifications of this version',
  columns: { at: 'When', outcome: 'Outcome', read: 'Read', by: 'Started by' },
  outcomes: { intact: 'Unchanged', touched: 'Touched, same bytes', damaged: 'Changed' },
  triggers: { schedule: 'Schedule', request: 'A person' },
  changes: (value: number) => plural(value, 'file', 'files'),
  whats: { touched: 'touched', changed: 'changed', missing: 'missing', unreadable: 'unreadable' },
  withdrawn: 'The version was taken out of service.',
  readOf: (read: string, all: string) => (read === all ? all : `${read} of ${all}`),
}

export const pullWords = {
  label: 'Use as',
  call: 'Call',
  pull: 'Pull',
  tools: { python: 'Python', javascript: 'JavaScript', llama: 'llama.cpp' },
  language: 'Tool',
  code: (tool: string) => `Pull with ${tool}`,
  published: 'Unchanged Hugging Face clients pull it from here. Needs an access token.',
  notYet: 'Can be pulled once it is published.',
  ggufOnly: 'llama.cpp reads GGUF files only; this version has none.',
  llamaDefault: 'llama.cpp always takes the default version of a model.',
  token: 'Create token',
}

export const pullsWords = {
  title: 'Pulled by',
  caption: 'Who pulled this version',
  total: (files: number, size: string) => `${plural(files, 'whole file', 'whole files')}, ${size} sent`,
  none: 'Nobody has pulled this version yet.',
  hosted: 'Hosted models have no files to pull.',
  noPermission: 'Your role does not show who pulled.',
  columns: { who: 'Who', file: 'First file', at: 'When' },
  hourly: 'One line for each caller and hour.',
  ofDeleted: 'Unknown',
}

export const bundleWords = {
  export: 'Export bundle',
  note: 'One signed file for a hub that no network reaches.',
  notSealed: 'Finish the ingest first',
}

export const waiverTerms = {
  who: 'Who decides',
  you: (name: string) => `You, ${name}. It counts at once and is recorded with your name and reason.`,
  nobody: 'signed in now',
  covers: 'Covers',
  coversAll: 'The high findings of this version that are open now, and what its files contradict.',
  ends: 'Ends',
  end: 'On the date below. Then the findings stand open and the gate is closed again, until somebody decides anew.',
  never: 'Never covers',
  critical: 'A critical finding. One person cannot pass it.',
}
