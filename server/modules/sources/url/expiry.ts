const compact = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/
/** No scheme signs for longer than 7 days; what says more than ten years is not a time at all. */
const maxSeconds = 10 * 366 * 86_400

/**
 * When a signed address ends to work; null when its query does not say. Read: S3 SigV4 (`X-Amz-Date` + `X-Amz-Expires`), Google V4
 * (`X-Goog-Date` + `X-Goog-Expires`), Azure SAS (`se`), and `Expires` as epoch seconds (S3 v2, Google v2, CloudFront). A signing
 * session may end sooner: nobody can see that from the address.
 */
export function expiryOf(url: URL): Date | null {
  const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]))
  for (const lead of ['x-amz', 'x-goog']) {
    const from = compactTime(query.get(`${lead}-date`))
    const seconds = wholeNumber(query.get(`${lead}-expires`))
    if (from !== null && seconds !== null && seconds <= maxSeconds) return new Date(from + seconds * 1_000)
  }
  const azure = query.has('sig') ? Date.parse(query.get('se') ?? '') : Number.NaN
  if (!Number.isNaN(azure)) return new Date(azure)
  const epoch = query.has('signature') || query.has('policy') ? wholeNumber(query.get('expires')) : null
  return epoch === null || epoch > 1e11 ? null : new Date(epoch * 1_000)
}

function compactTime(text: string | undefined): number | null {
  const found = compact.exec(text ?? '')
  if (found === null) return null
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
