type Column = { title: string; align?: 'left' | 'right' }

/** Aligned columns of plain text; the last one is not padded. Null and undefined cells show "–". */
export function table(columns: readonly Column[], rows: readonly (readonly (string | null | undefined)[])[]): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((_, at) => oneLine(row[at])))]
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => width(row[at] ?? ''))))
  return cells
    .map((row) =>
      row
        .map((cell, at) => pad(cell, widths[at] ?? 0, columns[at]?.align ?? 'left'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Lines of `label  value`, with the values aligned. Entries without a value are left out. */
export function pairs(entries: readonly (readonly [string, string | null | undefined])[]): string {
  const shown = entries.filter(
    (entry): entry is readonly [string, string] => entry[1] !== null && entry[1] !== undefined,
  )
  const wide = Math.max(0, ...shown.map(([label]) => width(label)))
  return shown.map(([label, value]) => `${pad(label, wide, 'left')}  ${oneLine(value)}`.trimEnd()).join('\n')
}

const oneLine = (cell: string | null | undefined): string =>
  cell === null || cell === undefined || cell === '' ? '–' : cell.replace(/\s*\n\s*/g, ' ')

/** Characters, not UTF-16 units: "é" and "😀" count one. Wide scripts are not told apart. */
const width = (text: string): number => Array.from(text).length

function pad(text: string, wide: number, align: 'left' | 'right'): string {
  const fill = ' '.repeat(Math.max(0, wide - width(text)))
  return align === 'right' ? fill + text : text + fill
}
