import type { TaskDefinition, TaskItem } from '../task.ts'

const alphabets = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'] as const
const groups = ['lower', 'upper', 'digits'] as const
const lengths = [2, 3, 4, 5, 6] as const

/**
 * Continue a sequence by one character: 208 items, runs of 2 to 6 neighbours of the Latin alphabet and the digits, upward and,
 * for a quarter of them, downward. A model that only knows successors scores exactly the share of upward items.
 */
export const sequenceTask: TaskDefinition = {
  kind: 'sequence-200',
  title: 'Continue the sequence',
  description: 'Short runs of neighbouring letters or digits, upward and downward; the answer is the next one.',
  version: '1',
  trait: 'reasoning',
  license: 'Apache-2.0',
  scorer: 'prefix',
  sampler: { temperature: 0, maxTokens: 4 },
  items,
}

/** 156 upward items and 52 downward ones. */
export const sequenceCounts = { upward: 156, downward: 52 } as const

function items(): TaskItem[] {
  const upward = runs((text) => text)
  const downward = runs((text) => text.split('').reverse().join(''))
  return [
    ...spread(upward, sequenceCounts.upward).map((item) => ({ ...item, group: `up/${item.group}` })),
    ...spread(downward, sequenceCounts.downward).map((item) => ({ ...item, group: `down/${item.group}` })),
  ]
}

/** Every run of each length in each alphabet, with the character that follows it. */
function runs(order: (text: string) => string): TaskItem[] {
  const all: TaskItem[] = []
  for (const [index, alphabet] of alphabets.entries()) {
    const text = order(alphabet)
    for (const length of lengths) {
      for (let start = 0; start + length < text.length; start++) {
        all.push({
          group: groups[index] ?? '',
          prompt: text.slice(start, start + length),
          expected: text.charAt(start + length),
        })
      }
    }
  }
  return all
}

/** `count` of the items, evenly spread over them. */
function spread(all: readonly TaskItem[], count: number): TaskItem[] {
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]).filter(
    (item) => item !== undefined,
  )
}
