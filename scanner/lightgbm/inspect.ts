import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { sweepText } from '../text/sweep.ts'
import type { FormatHeader, Observation } from '../types.ts'

/** The head of a LightGBM model. */
export type LightgbmHeader = FormatHeader & {
  kind: 'lightgbm'
  /** Values of the head, such as `objective`; each cut to 200 characters. */
  facts: { [name: string]: string }
  trees: number
}

const headKeys = /^(version|num_class|num_tree_per_iteration|label_index|max_feature_idx|objective|average_output)$/
const maxLine = 8 * 1024 * 1024

/** Reads the text to its end; checks each tree's counts and the children its nodes refer to. */
export function inspectLightgbm(context: InspectContext): Inspected | undefined {
  const { offset, length, observe, cover } = context
  const header: LightgbmHeader = { kind: 'lightgbm', facts: {}, trees: 0 }
  let tree: Map<string, string> | undefined
  let treeAt = offset
  let rest = ''
  let tooLong = false

  function line(text: string, at: number): void {
    const equals = text.indexOf('=')
    if (text.startsWith('Tree=') || text.startsWith('end of trees')) {
      if (tree !== undefined) checkTree(tree, treeAt, observe)
      tree = text.startsWith('Tree=') ? new Map() : undefined
      treeAt = at
      if (tree !== undefined) header.trees += 1
      return
    }
    if (equals < 1) return
    const key = text.slice(0, equals)
    if (tree === undefined) {
      if (headKeys.test(key)) header.facts[key] = escapeText(text.slice(equals + 1))
    } else if (/^(num_leaves|leaf_value|left_child|right_child|split_feature|threshold)$/.test(key))
      tree.set(key, text.slice(equals + 1))
  }

  const whole = sweepText(context, (window, at) => {
    const text = rest + window
    const lines = text.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLine) {
      tooLong = true
      rest = ''
    }
    for (const each of lines) line(each.trimEnd(), at)
  })
  if (rest !== '') line(rest, offset + length)
  if (tree !== undefined) {
    checkTree(tree, treeAt, observe)
    observe({ code: 'lgbm.tree', offset: offset + length, detail: 'the trees do not end' })
  }
  if (tooLong) observe({ code: 'scan.limit', offset, detail: `a line of more than ${maxLine} characters` })
  observe({ code: 'lgbm.model', offset, detail: `${header.trees} trees` })
  if (whole) cover(offset, length, 'parsed')
  return { header, end: offset + length }
}

/** Leaves are numbered from -1 down, inner nodes from 0 up; a reference outside reads beyond the tree's arrays. */
function checkTree(
  tree: ReadonlyMap<string, string>,
  offset: number,
  observe: (observation: Observation) => void,
): void {
  const leaves = Number(tree.get('num_leaves'))
  const wrong = (detail: string): void => observe({ code: 'lgbm.tree', offset, detail })
  if (!Number.isSafeInteger(leaves) || leaves < 1)
    return wrong(`${escapeText(tree.get('num_leaves') ?? 'no', 40)} leaves`)
  const values = numbers(tree.get('leaf_value'))
  if (values.length !== leaves) wrong(`${leaves} leaves with ${values.length} values`)
  for (const side of ['left_child', 'right_child']) {
    const children = numbers(tree.get(side))
    if (leaves > 1 && children.length !== leaves - 1)
      return wrong(`${leaves - 1} nodes with ${children.length} children`)
    const outside = children.find((child) => !Number.isInteger(child) || child >= leaves - 1 || child < -leaves)
    if (leaves > 1 && outside !== undefined) return wrong(`a child ${outside} among ${leaves} leaves`)
  }
  return undefined
}

function numbers(text: string | undefined): number[] {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? [] : trimmed.split(' ').map(Number)
}
