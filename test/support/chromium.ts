import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Flags that keep a headless Chromium from looking for the network by itself. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The system's Chromium; installed by apt where the tests may install (CI or MODELHUB_TEST_INSTALL=1, Debian, root). */
export function findChromium(): string | undefined {
  const present = candidates.find((path) => existsSync(path))
  if (present !== undefined) return present
  const allowed = process.env['CI'] !== undefined || process.env['MODELHUB_TEST_INSTALL'] === '1'
  if (!allowed || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  try {
    execFileSync('apt-get', ['update'], { stdio: 'ignore', timeout: 180_000 })
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
      timeout: 600_000,
    })
  } catch {
    return undefined
  }
  return candidates.find((path) => existsSync(path))
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags })
}
