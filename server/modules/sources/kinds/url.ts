import { type SourceNote, UrlSource } from '../../../../contract/index.ts'
import { looksUnpackable } from '../archives/detect.ts'
import type { RemotePin, RemoteSourceKind, Resolved } from '../source-kind.ts'
import { assertOrigin, joinAddress, splitAddress } from '../url/address.ts'
import { expiryOf } from '../url/expiry.ts'
import { fileNameOf } from '../url/file-name.ts'
import { linkExpired, probeUrl, requestHeaders } from '../url/probe.ts'
import { measureSpeed } from '../url/speed.ts'

export const urlSource: RemoteSourceKind<UrlSource> = {
  kind: 'url',
  reads: 'remote',
  title: 'URL',
  checks:
    'Allowed address, expiry against the time needed, digest where one is stated; archives unpacked under limits.',
  config: UrlSource as never,
  address: ({ url }) => splitAddress(url).shown,
  resolve: async (source, kept, context, signal) => {
    const { shown, secret } = splitAddress(source.url)
    const whole = joinAddress(shown, secret ?? kept)
    assertOrigin(whole, context)
    const expiry = expiryOf(whole)
    if (expiry !== null && expiry.getTime() <= Date.now()) throw linkExpired(expiry)
    const probe = await probeUrl(whole, source.credential, context, signal)
    const sha256 = source.sha256 ?? probe.stated.sha256
    const pin: RemotePin = {
      fileName: fileNameOf(source.fileName, probe.disposition, whole),
      ranges: probe.ranges,
      ...(probe.size === null ? {} : { size: probe.size }),
      ...(probe.etag === undefined ? {} : { etag: probe.etag }),
      ...(expiry === null ? {} : { expiresAt: expiry.toISOString() }),
      ...(probe.type === undefined ? {} : { type: probe.type }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(probe.stated.digests === undefined ? {} : { digests: probe.stated.digests }),
      ...(probe.stated.sha256 === undefined ? {} : { statedSha256: probe.stated.sha256 }),
    }
    return { source: { ...source, url: shown }, secret: secret ?? kept, pin }
  },
  list: async function* ({ source, pin }, _context, onNote) {
    const { sha256, digests, statedSha256 } = pin
    if (source.sha256 !== undefined && statedSha256 !== undefined && source.sha256 !== statedSha256) {
      onNote({
        level: 'doubt',
        message: 'The server states another SHA-256 than the one that was given; the given one decides.',
        remedy: 'Check where the given digest comes from.',
      })
    }
    yield {
      path: pin.fileName ?? 'file',
      ref: {
        size: pin.size ?? null,
        ...(sha256 === undefined ? {} : { sha256 }),
        ...(pin.etag === undefined ? {} : { etag: pin.etag }),
        ...(digests === undefined || source.sha256 !== undefined ? {} : { digests }),
        ...(source.unpack ? { unpack: true } : {}),
      },
    }
  },
  request: async ({ source, secret }, file, context) => {
    const url = joinAddress(source.url, secret)
    assertOrigin(url, context)
    const expiry = expiryOf(url)
    if (expiry !== null && expiry.getTime() <= Date.now()) throw linkExpired(expiry)
    const { etag } = file.ref
    return {
      url: url.href,
      headers: await requestHeaders(context, source.credential, url),
      ...(etag === undefined ? {} : { etag }),
    }
  },
  probe: async ({ source, secret }, _file, context, signal) => {
    const { ranges } = await probeUrl(joinAddress(source.url, secret), source.credential, context, signal)
    return { ranges }
  },
  look: async (resolved, files, context, onNote, signal) => {
    const { source, secret, pin } = resolved
    noteFacts(resolved, onNote)
    if (files.some(({ path, ref }) => ref.unpack === true && looksUnpackable(path))) {
      onNote({
        level: 'fact',
        message: 'By its name an archive: it will be unpacked, and its files become those of the version.',
      })
    }
    if (pin.expiresAt === undefined) return
    const leftMs = Date.parse(pin.expiresAt) - Date.now()
    onNote({ level: 'fact', message: `The address works until ${pin.expiresAt}.` })
    if (pin.size === undefined) {
      onNote({
        level: 'doubt',
        message: 'The server does not say how large the file is, so nobody knows whether that is long enough.',
      })
      return
    }
    const speed = await measureSpeed(joinAddress(source.url, secret), source.credential, context, signal)
    if (speed === null) return
    const neededMs = (pin.size / speed) * 1_000
    const words = `At the ${Math.round(speed)} bytes a second measured just now the download takes ${Math.ceil(neededMs / 1_000)} s, and the address works for ${Math.floor(leftMs / 1_000)} s`
    const remedy = 'Paste a fresh link. One can also be given while the download runs: what is there is kept.'
    if (neededMs > leftMs) onNote({ level: 'blocker', message: `${words}: too short.`, remedy })
    else if (neededMs * 2 > leftMs) onNote({ level: 'doubt', message: `${words}: that may be too short.`, remedy })
  },
}

function noteFacts({ source, pin }: Resolved<UrlSource>, onNote: (note: SourceNote) => void): void {
  const { type, sha256, digests } = pin
  if (type === 'text/html' && !/\.html?$/i.test(pin.fileName ?? '')) {
    onNote({
      level: 'doubt',
      message: 'The address answers with a web page, perhaps one to sign in on, not with a file.',
      remedy: 'Use the address that the download itself has; for a repository of Hugging Face write hf:org/name.',
    })
  }
  if (pin.size === undefined) onNote({ level: 'doubt', message: 'The server does not say how large the file is.' })
  if (pin.ranges !== true) {
    onNote({ level: 'doubt', message: 'The server gives no parts of the file: a download that is cut begins anew.' })
  }
  if (source.sha256 !== undefined)
    onNote({ level: 'fact', message: 'The file will be compared with the SHA-256 that was given.' })
  else if (sha256 !== undefined || digests !== undefined) {
    const names = [sha256 === undefined ? '' : 'SHA-256', ...Object.keys(digests ?? {})].filter(Boolean)
    onNote({ level: 'fact', message: `The file will be compared with what the server states: ${names.join(', ')}.` })
  } else {
    onNote({
      level: 'doubt',
      message: 'Nothing says what the file must hash to; the hub will record what arrives.',
      remedy: 'Give the SHA-256 that its publisher states.',
    })
  }
}
