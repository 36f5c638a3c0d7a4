/** Functions and classes of the file that importing it may call. */
export function reachable(
  defined: ReadonlyMap<string, 'def' | 'class'>,
  mentions: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const reached = new Set<string>()
  const queue = ['']
  const dunders = Map.groupBy(
    [...defined.keys()].filter((name) => name.includes('.__')),
    (name) => name.slice(0, name.indexOf('.')),
  )
  for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
    for (const mentioned of mentions.get(from) ?? []) {
      // A function that is handed on may be called; a class that is handed on is mostly registered.
      const handed = mentioned.startsWith('&')
      const name = handed ? mentioned.slice(1) : mentioned
      if (!defined.has(name) || reached.has(name) || (handed && defined.get(name) === 'class')) continue
      reached.add(name)
      queue.push(name)
      // An instance is made, entered and left without its methods being named.
      for (const method of dunders.get(name) ?? []) {
        if (reached.has(method)) continue
        reached.add(method)
        queue.push(method)
      }
    }
  }
  return reached
}
