/** Controls, marks that turn the direction of text, and line separators: everything that can make a terminal show something else. */
const steering = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/**
 * Text that is safe on a terminal: control characters other than line feed and tab become `?`, because names, findings and
 * answers of models come from outside and could otherwise steer the terminal.
 */
export const plain = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(steering, (character) => (character === '\n' || character === '\t' ? character : '?'))

/** JSON text in which everything a terminal would take as control is escaped; the same JSON to a parser. */
export const safeJson = (json: string): string =>
  json.replace(steering, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** A value as indented JSON that is safe on a terminal. */
export const jsonText = (value: unknown): string => safeJson(JSON.stringify(value, null, 2))
