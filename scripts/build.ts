// Builds dist/, what the packed product runs: the programs as JavaScript with their types, their SQL, and the web app.
// Speaks on standard error only, so that `npm pack` can be read by a program.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { problemsOfDist } from './pack/problems-of-dist.ts'
import { problemsOfManifest } from './pack/problems-of-manifest.ts'
import { readManifest } from './pack/read-manifest.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const web = join(root, 'web', 'dist')
/** The folders that tsconfig.build.json compiles. */
const programs = [
  'kernel',
  'contract',
  'egress',
  'scanner',
  'loadgen',
  'engine',
  'gateway',
  'server',
  'sdk',
  'cli',
  'bin',
]
/** Files beside the code that the code opens by its own address. A new kind must be named here or the build stops. */
const assets = new Set(['.sql'])

function fail(problems: readonly string[]): never {
  for (const problem of problems) console.error(`build: ${problem}`)
  // A half-made dist must not be packed.
  rmSync(dist, { recursive: true, force: true })
  process.exit(1)
}

function compile(): void {
  const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) fail(['the programs could not be compiled. Read the lines above; `npm run check` names the place.'])
}

function copyAssets(): void {
  const unknown: string[] = []
  for (const program of programs) {
    for (const found of readdirSync(join(root, program), { recursive: true, withFileTypes: true })) {
      const path = join(found.parentPath, found.name)
      const inProduct = relative(root, path)
      const kind = extname(found.name)
      if (!found.isFile() || kind === '.ts' || kind === '.md' || basename(found.name).startsWith('.')) continue
      if (inProduct.split('/').some((part) => part === 'testing' || part === 'fixtures')) continue
      if (!assets.has(kind)) {
        unknown.push(`${inProduct} is no kind of file that the build knows. Name ${kind} in scripts/build.ts.`)
        continue
      }
      mkdirSync(dirname(join(dist, inProduct)), { recursive: true })
      cpSync(path, join(dist, inProduct))
    }
  }
  if (unknown.length > 0) fail(unknown)
}

function bundleScanner(): void {
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'bundle-scanner.ts'), join(dist, 'scanner', 'bundle')],
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  if (status !== 0) fail(["the scanner's child could not be bundled. Read the lines above."])
}

function copyWeb(): void {
  if (!existsSync(join(web, 'index.html'))) fail(['the web app is not built. Run: npm run build'])
  cpSync(web, join(dist, 'web'), {
    recursive: true,
    // The set-up's stamp says nothing to a user.
    filter: (path) => path === web || !basename(path).startsWith('.'),
  })
}

const manifest = readManifest(root)
rmSync(dist, { recursive: true, force: true })
compile()
copyAssets()
bundleScanner()
copyWeb()
for (const command of Object.values(manifest.bin)) chmodSync(join(root, command), 0o755)
const problems = [...problemsOfManifest(manifest), ...problemsOfDist(dist, manifest)]
if (problems.length > 0) fail(problems)
