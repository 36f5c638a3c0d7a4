const pageBits = 15
const pageSize = 1 << pageBits
const pageMask = pageSize - 1
const firstSize = 256

/** Numbers by index, stored in pages so that growing copies little and small uses stay small. What was never set reads 0. */
export type Pages = {
  get: (index: number) => number
  set: (index: number, value: number) => void
  /** Forgets everything. */
  clear: () => void
  /** Calls `change` for every number that may have been set, and keeps what it returns. */
  rewrite: (change: (value: number) => number) => void
}

/** Pages of 32-bit integers, or of doubles for what needs 53 bits. */
export function createPages(kind: 'int32' | 'float64'): Pages {
  const make = (size: number): Int32Array | Float64Array =>
    kind === 'int32' ? new Int32Array(size) : new Float64Array(size)
  let pages: (Int32Array | Float64Array | undefined)[] = []

  function set(index: number, value: number): void {
    const number = index >>> pageBits
    const within = index & pageMask
    let page = pages[number]
    if (page === undefined || within >= page.length) {
      // Only the first page begins small: most pickles never need another.
      const size =
        number > 0 ? pageSize : Math.min(pageSize, Math.max(firstSize, 2 ** Math.ceil(Math.log2(within + 1))))
      const larger = make(size)
      if (page !== undefined) larger.set(page)
      page = larger
      while (pages.length < number) pages.push(undefined)
      pages[number] = page
    }
    page[within] = value
  }

  return {
    get: (index) => pages[index >>> pageBits]?.[index & pageMask] ?? 0,
    set,
    clear: () => {
      pages = []
    },
    rewrite: (change) => {
      for (const page of pages) {
        if (page === undefined) continue
        for (let i = 0; i < page.length; i++) {
          const value = page[i] ?? 0
          if (value !== 0) page[i] = change(value)
        }
      }
    },
  }
}
