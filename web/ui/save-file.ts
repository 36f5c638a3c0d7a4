/** Hands text to the browser as a file to keep. */
export function saveFile(name: string, type: string, content: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...content], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
