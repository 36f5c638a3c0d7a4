import type { Schema } from '../../app/client.ts'
import { bytes, compactCount, count, shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { Card, Fact, Facts } from '../../ui/card.tsx'
import { Tag } from '../../ui/chip.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { OriginMark } from '../../ui/origin-mark.tsx'
import type { Model, Version } from './use-model.ts'
import { sourceWords } from './words.ts'

const words = text.model.facts
/** Shown elsewhere on the page in their own form. */
const elsewhere = new Set([
  'tasks',
  'endpoints',
  'modality',
  'modalityGiven',
  'cardSummary',
  'contradictions',
  'doubts',
  'hardwarePreference',
  'memoryLimitBytes',
])
/** Shown in the card of what is hosted, as they are now. */
const ofOffering = new Set([
  'inputPrice',
  'outputPrice',
  'cacheReadPrice',
  'cacheWritePrice',
  'contextLength',
  'retention',
  'regions',
])
const inBytes = /Bytes($|PerToken|PerSequence)/
/** In the order of their names in the text catalog; what has no name there comes last. */
const order = Object.keys(words.names)
const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length)

/** What is known about the version, each value with where it was read. */
export function FactsCard({ model, version }: { model: Model; version: Version }) {
  return (
    <Card>
      <h2 className="sr-only">{words.title}</h2>
      <Facts>
        <Fact label={words.owner}>{model.ownerName ?? text.common.unknown}</Fact>
        <Fact label={words.project}>{model.projectName}</Fact>
        <Fact label={words.source}>
          {text.sources[version.source.type]}
          <code className="block text-xs break-all text-fg-3">{version.source.address}</code>
          {version.source.type === 'huggingface' && (
            <span className="block text-xs text-fg-3">
              {version.source.watched ? sourceWords.watched : sourceWords.notWatched}
            </span>
          )}
        </Fact>
        {version.source.commit !== null && (
          <Fact label={sourceWords.commit}>
            <span className="inline-flex items-center gap-1">
              <code className="text-xs" title={version.source.commit}>
                {shortId(version.source.commit)}
              </code>
              <CopyButton className="-my-1" label={sourceWords.copyCommit} small value={version.source.commit} />
            </span>
          </Fact>
        )}
        <Fact label={words.digest}>
          {version.digest === null ? (
            version.hosted === null ? (
              text.common.unknown
            ) : (
              text.common.notApplicable
            )
          ) : (
            <span className="inline-flex items-center gap-1">
              <code className="text-xs" title={version.digest}>
                {shortId(version.digest)}
              </code>
              <CopyButton className="-my-1" label={words.copyDigest} small value={version.digest} />
            </span>
          )}
        </Fact>
        <Fact label={words.weights}>
          {version.fileCount === 0
            ? version.hosted === null
              ? text.common.unknown
              : text.common.notApplicable
            : text.common.sized(text.common.files(version.fileCount), bytes(version.totalBytes))}
        </Fact>
        {Object.entries(version.metadata)
          .filter(([key]) => !elsewhere.has(key) && (version.hosted === null || !ofOffering.has(key)))
          .sort(([a], [b]) => rank(a) - rank(b))
          .map(([key, fact]) => (
            <Fact key={key} label={words.names[key] ?? key}>
              {valueOf(key, fact)} <OriginMark at={fact.at} origin={fact.origin} source={fact.source} />
            </Fact>
          ))}
        <Fact label={words.tasks}>
          {version.tasks.length === 0 ? text.common.unknown : <Tags values={version.tasks} />}
        </Fact>
        <Fact label={words.endpoints}>
          {version.endpoints.length === 0 ? text.common.unknown : <Tags values={version.endpoints} />}
        </Fact>
        {version.hosted === null && <Hardware version={version} />}
        {version.hosted === null && version.pulls !== undefined && (
          <Fact label={sourceWords.pulls}>
            {version.pulls.lastAt === null
              ? sourceWords.never
              : sourceWords.pulled(version.pulls.downloads, bytes(version.pulls.bytes))}
          </Fact>
        )}
        <Fact label={words.versionId}>
          <span className="inline-flex items-center gap-1">
            <code className="text-xs" title={version.id}>
              {shortId(version.id)}
            </code>
            <CopyButton className="-my-1" label={words.copyId} small value={version.id} />
          </span>
        </Fact>
      </Facts>
    </Card>
  )
}

/** What it is meant to run on, as a person said at registration. */
function Hardware({ version }: { version: Version }) {
  const { hardware } = version
  if (hardware === null) return null
  return (
    <>
      <Fact label={sourceWords.hardware}>
        {hardware.preference === undefined ? sourceWords.anyHardware : sourceWords.hardwares[hardware.preference]}
      </Fact>
      {hardware.memoryLimitBytes !== undefined && (
        <Fact label={sourceWords.memory}>
          <span title={`${count(hardware.memoryLimitBytes)} bytes`}>{bytes(hardware.memoryLimitBytes)}</span>{' '}
          <OriginMark at={version.createdAt} origin="human" />
        </Fact>
      )}
    </>
  )
}

function Tags({ values }: { values: string[] }) {
  return (
    <span className="flex flex-wrap gap-1.5">
      {values.map((value) => (
        <Tag key={value}>{value}</Tag>
      ))}
    </span>
  )
}

function valueOf(key: string, fact: Schema<'Attributed'>): string {
  const { value } = fact
  if (typeof value === 'number') {
    if (inBytes.test(key)) return bytes(value)
    return key === 'parameters' ? compactCount(value) : count(value)
  }
  if (typeof value === 'boolean') return value ? text.common.yes : text.common.no
  return Array.isArray(value) ? value.join(', ') : value
}
