import { jsonHeaderOf, templateHeaderOf } from '../../../../../scanner/index.ts'
import { atRoot, type Marker } from '../description/marker.ts'

/** A chat template in a file of its own, or inside the configuration of the tokenizer or the processor. */
export const chatTemplate: Marker = {
  kind: 'chat-template',
  title: 'Chat template',
  reads: (file) =>
    atRoot('chat_template.jinja', 'chat_template.json', 'tokenizer_config.json', 'processor_config.json')(file) ||
    /^additional_chat_templates\/[^/]+\.jinja$/.test(file.path),
  atMost: 20,
  look: async (files, folder) => {
    for (const file of files) {
      const facts = file.header === undefined ? {} : { header: file.header }
      const known = templateHeaderOf(facts)?.chatTemplates ?? jsonHeaderOf(facts)?.chatTemplates ?? []
      const holds = file.path.endsWith('.jinja')
        ? file.size > 0
        : known.length > 0 || isTemplate((await folder.json(file))?.['chat_template'])
      if (holds) {
        return { facts: [{ key: 'chatTemplate', value: true, source: file.path }], traits: ['chat-template'] }
      }
    }
    return {}
  },
}

/** Text, or a list of named texts. */
const isTemplate = (value: unknown) =>
  (typeof value === 'string' && value.trim() !== '') || (Array.isArray(value) && value.length > 0)
