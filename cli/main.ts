// The command line. Starts nothing but the one command that is asked for: everything else is imported when needed.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// In a checkout the code with its types stripped is kept beside the packages, which saves a third of the start-up time; the
// packed product has no types to strip. Where that folder cannot be written, Node goes on without.
if (import.meta.url.endsWith('.ts')) {
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/modelhub', import.meta.url)))
}

// `modelhub ls | head` closes the pipe early; that is the reader's right and no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const [{ dispatch }, { processContext }] = await Promise.all([import('./dispatch.ts'), import('./context.ts')])
process.exitCode = await dispatch(process.argv.slice(2), processContext())
