/* oxlint-disable node/no-process-env -- the one place where the command line reads its environment */

export type Environment = {
  /** MODELHUB_URL, when set. */
  url: string | undefined
  /** MODELHUB_TOKEN, when set. */
  token: string | undefined
  /** MODELHUB_DATA, relative to the working directory. */
  data: string
  /** Everything, for commands that explain the hub's own variables. */
  variables: Readonly<Record<string, string | undefined>>
}

/** Parses the variables that steer the command line itself. */
export function readEnvironment(variables: Environment['variables'] = process.env): Environment {
  const text = (name: string) => variables[name]?.trim() || undefined
  return {
    url: text('MODELHUB_URL'),
    token: text('MODELHUB_TOKEN'),
    data: text('MODELHUB_DATA') ?? './data',
    variables,
  }
}
