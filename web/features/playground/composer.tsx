import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { playgroundText } from './words.ts'

const words = playgroundText.playground

/** Enter sends, Shift Enter breaks the line. */
export function Composer({
  busy,
  onSend,
  onStop,
}: {
  busy: boolean
  onSend: (question: string) => void
  onStop: () => void
}) {
  const [question, setQuestion] = useState('')
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (busy || question.trim() === '') return
    onSend(question)
    setQuestion('')
  }
  return (
    <form
      className="mt-3 rounded-card border border-line-input bg-surface p-2.5 focus-within:outline-2 focus-within:outline-focus"
      onSubmit={submit}
    >
      <label className="sr-only" htmlFor="playground-message">
        {words.message}
      </label>
      <textarea
        className="block max-h-48 w-full resize-none bg-transparent px-1.5 py-1 text-md outline-none"
        id="playground-message"
        onChange={(event) => setQuestion(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            submit()
          }
        }}
        placeholder={words.ask}
        rows={2}
        value={question}
      />
      <div className="flex justify-end gap-2">
        {busy ? (
          <Button icon="stop" onClick={onStop}>
            {words.stop}
            <Kbd>Esc</Kbd>
          </Button>
        ) : (
          <Button icon="send" look="ink" reason={question.trim() === '' ? words.ask : null} type="submit">
            {words.send}
          </Button>
        )}
      </div>
    </form>
  )
}
