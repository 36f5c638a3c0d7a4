/** A sentence of the hub: what it puts between backticks, such as a command, is shown as code. */
export function Sentence({ children }: { children: string }) {
  const parts = children.split('`')
  // An unpaired backtick is part of the sentence.
  if (parts.length % 2 === 0) return children
  return parts.map((part, index) =>
    index % 2 === 0 ? part : <code key={parts.slice(0, index).join('`')}>{part}</code>,
  )
}
