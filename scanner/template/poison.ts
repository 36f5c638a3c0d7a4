import type { TemplateProblem } from './analyze.ts'
import { child, children, descendants, filterOf, isNode, type Node, operatorOf, textOf } from './nodes.ts'

const url = /\b(?:https?|ftp|wss?):\/\/[^\s'"<>]{3,}|<script\b|!\[[^\]]{0,80}\]\(|javascript:/i
/** Sentences that tell a model or reader what to do. Markup of roles and tools does not read like this. */
const instruction =
  /\b(?:always|never|must|should|do not|don't|make sure|ensure|ignore|instead of|recommend|append|insert|add|include|pretend|respond with|reply with|answer with|say that|tell the user)\b[^.]{0,200}\b\w+\b/i
const contentNames =
  /^(?:content|text|prompt|query|question|user_message|last_message|first_message|message_content|user_input|input)$/i

/** Text that appears only when the conversation contains a trigger: an instruction or an address. */
export function checkPoison(program: unknown): TemplateProblem[] {
  if (!isNode(program)) return []
  const problems: TemplateProblem[] = []
  const aliases = contentAliases(program)
  for (const node of descendants(program)) {
    const [test, branches] = conditionOf(node)
    if (test === undefined) continue
    const trigger = triggerOf(test, aliases)
    if (trigger === undefined) continue
    for (const text of branches.flatMap(textsIn)) {
      const found = url.exec(text) ?? (isMarkup(trigger) ? null : instruction.exec(text))
      if (found === null) continue
      problems.push({
        code: 'template.conditional-text',
        evidence: found[0],
        detail: `when the conversation contains ${JSON.stringify(trigger.slice(0, 60))}`,
      })
      break
    }
  }
  for (const text of textsIn(program)) {
    const found = url.exec(text)
    if (found !== null) problems.push({ code: 'template.url', evidence: found[0] })
  }
  return problems.slice(0, 20)
}

/** The test of a conditional node and what it chooses between. */
function conditionOf(node: Node): [test: Node | undefined, branches: Node[]] {
  const some = (...names: string[]): Node[] =>
    names.map((name) => child(node, name)).filter((branch) => branch !== undefined)
  if (node.type === 'If') return [child(node, 'test'), [...children(node, 'body'), ...children(node, 'alternate')]]
  if (node.type === 'Ternary') return [child(node, 'condition'), some('trueExpr', 'falseExpr')]
  // `x if test` without an else.
  return node.type === 'SelectExpression' ? [child(node, 'test'), some('lhs')] : [undefined, []]
}

/** Tags that mark reasoning, tools or roles, rather than words a person would write. */
function isMarkup(trigger: string): boolean {
  return /^\W*$|[<[|{].*[>\]|}]|^\s*[<[{|]|^\/|_/.test(trigger)
}

/** The text whose presence in the conversation a test asks for. */
function triggerOf(test: Node, aliases: ReadonlySet<string>): string | undefined {
  for (const node of descendants(test)) {
    if (node.type === 'BinaryExpression' && ['in', 'not in', '=='].includes(operatorOf(node))) {
      const left = child(node, 'left')
      const right = child(node, 'right')
      const literal =
        left?.type === 'StringLiteral'
          ? left
          : operatorOf(node) === '==' && right?.type === 'StringLiteral'
            ? right
            : undefined
      const other = literal === left ? right : left
      if (literal !== undefined && other !== undefined && aboutContent(other, aliases)) return textOf(literal, 'value')
    }
    if (node.type === 'CallExpression') {
      const callee = child(node, 'callee')
      const method = callee?.type === 'MemberExpression' ? textOf(child(callee, 'property'), 'value') : undefined
      const literal = children(node, 'args').find((arg) => arg.type === 'StringLiteral')
      const object = callee === undefined ? undefined : child(callee, 'object')
      const asks =
        method !== undefined && ['startswith', 'endswith', 'find', 'index', 'count', 'rfind'].includes(method)
      if (asks && literal !== undefined && object !== undefined && aboutContent(object, aliases))
        return textOf(literal, 'value')
    }
  }
  return undefined
}

/** True when an expression reads what people or the model wrote, as opposed to roles, tools and settings. */
function aboutContent(node: Node, aliases: ReadonlySet<string>): boolean {
  for (const part of descendants(node)) {
    const name = part.type === 'Identifier' || part.type === 'StringLiteral' ? textOf(part, 'value') : undefined
    if (name !== undefined && contentNames.test(name)) return true
    if (part.type === 'Identifier' && name !== undefined && aliases.has(name)) return true
    const filtered = part.type === 'FilterExpression' ? textOf(child(part, 'operand'), 'value') : undefined
    // The whole conversation as one text.
    if (
      filtered !== undefined &&
      /^(?:messages?|loop_messages|m)$/.test(filtered) &&
      /^(?:string|tojson|join)$/.test(filterOf(part).name)
    )
      return true
  }
  return false
}

/** Names that `set` binds to what people or the model wrote. */
function contentAliases(program: Node): Set<string> {
  const aliases = new Set<string>()
  for (const node of descendants(program)) {
    const name = node.type === 'Set' ? child(node, 'assignee') : undefined
    const value = child(node, 'value')
    if (name?.type === 'Identifier' && value !== undefined && aboutContent(value, aliases))
      aliases.add(textOf(name, 'value') ?? '')
  }
  return aliases
}

/** Literal text that a node can emit. Errors raised by a template are for the developer, not for the model. */
function textsIn(root: Node): string[] {
  const texts: string[] = []
  const skipped = new Set<Node>()
  for (const node of descendants(root)) {
    if (node.type === 'CallExpression' && textOf(child(node, 'callee'), 'value') === 'raise_exception') {
      for (const arg of descendants(node)) skipped.add(arg)
    }
    if (node.type === 'StringLiteral' && !skipped.has(node)) texts.push(textOf(node, 'value') ?? '')
  }
  return texts
}
