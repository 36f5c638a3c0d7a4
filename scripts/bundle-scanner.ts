// Bundles what a scanner child runs (child.cjs, no-network.cjs) and what makes a report of its facts (report.mjs) into the folder that
// is given. A child starts sooner from CommonJS: nothing is loaded to load it. With `--snapshot` also child.blob, what is in memory once
// child.cjs is loaded: a child starts soonest from that, and only with this very Node.
import { spawnSync } from 'node:child_process'
import { rmSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = process.argv[2]
if (folder === undefined) throw new Error('which folder is not said')

const began = new Date()
const bundles = [
  { file: 'child.cjs', source: 'child.ts', format: 'cjs' },
  { file: 'no-network.cjs', source: 'no-network.ts', format: 'cjs' },
  { file: 'report.mjs', source: 'report/index.ts', format: 'esm' },
] as const
for (const [place, { file, source, format }] of bundles.entries()) {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: place === 0,
      target: 'node24',
      rolldownOptions: {
        input: join(root, 'scanner', source),
        output: { entryFileNames: file, format, minify: true },
      },
    },
  })
}
const made: string[] = bundles.map(({ file }) => file)
if (process.argv[3] === '--snapshot') {
  const [blob, program] = [join(folder, 'child.blob'), join(folder, 'child.cjs')]
  const { status } = spawnSync(process.execPath, ['--snapshot-blob', blob, '--build-snapshot', program])
  if (status === 0) made.push('child.blob')
  else rmSync(blob, { force: true })
}
// What is edited while this runs is newer than what it made.
for (const file of made) utimesSync(join(folder, file), began, began)
