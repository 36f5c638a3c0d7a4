/**
 * The syntax tree as data. The parser exports no node types, and hostile input decides what is in the tree, so every access is checked.
 * Node names are those of @huggingface/jinja.
 */
export type Node = { type: string; [member: string]: unknown }

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** The child node under `name`, if there is one. */
export function child(node: Node, name: string): Node | undefined {
  const value = node[name]
  return isNode(value) ? value : undefined
}

/** The child nodes in the list under `name`. */
export function children(node: Node, name: string): Node[] {
  const value = node[name]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The text member under `name`. */
export function textOf(node: Node | undefined, name: string): string | undefined {
  const value = node?.[name]
  return typeof value === 'string' ? value : undefined
}

/** The operator of a binary or unary expression. */
export function operatorOf(node: Node): string {
  const value = node['operator']
  const text = typeof value === 'object' && value !== null ? (value as { value?: unknown }).value : undefined
  return typeof text === 'string' ? text : ''
}

/** Every node below and including `root`, parents first. Iterative: depth is the input's choice. */
export function* descendants(root: Node): Generator<Node> {
  const open: Node[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node
    const found: Node[] = []
    // Operators are tokens, which look like nodes.
    for (const [name, value] of Object.entries(node)) if (name !== 'operator') collect(value, found)
    for (let i = found.length - 1; i >= 0; i--) open.push(found[i] as Node)
  }
}

function collect(value: unknown, found: Node[]): void {
  if (value instanceof Map) {
    for (const [key, entry] of value as Map<unknown, unknown>) {
      collect(key, found)
      collect(entry, found)
    }
  } else if (Array.isArray(value)) for (const item of value as unknown[]) collect(item, found)
  else if (isNode(value)) found.push(value)
}

/** The filter of a filter expression: its name and arguments. */
export function filterOf(node: Node): { name: string; args: Node[] } {
  const filter = child(node, 'filter')
  if (filter?.type === 'CallExpression')
    return { name: textOf(child(filter, 'callee'), 'value') ?? '', args: children(filter, 'args') }
  return { name: textOf(filter, 'value') ?? '', args: [] }
}
