import { escapeText } from '../evidence.ts'
import { baseName, leavesFolder } from '../path.ts'
import { noteSkopsNode } from '../skops/note-node.ts'
import { gradeTarget } from '../targets/classify.ts'
import { noteTarget } from '../targets/note.ts'
import type { Observation } from '../types.ts'
import type { Members } from './watch.ts'

type Where = { offset: number; member: string; path: string }
type Tell = {
  observe: (observation: Observation) => void
  reference: (text: string, offset: number, member: string) => void
}

/** What members of one object say together: classes by import path, modules of sentence-transformers, adapters, nodes of skops. */
export function noteObject(members: Members, where: Where, { observe, reference }: Tell): void {
  const text = (key: string): string => {
    const value = members.get(key)
    return typeof value === 'string' ? value : ''
  }
  const { offset, member } = where
  if (text('target').includes('.') && members.has('params')) noteTarget(text('target'), where, observe)
  if (text('class_path') !== '' && members.has('init_args')) noteTarget(text('class_path'), where, observe)
  if (text('__loader__') !== '') noteSkopsNode(text, where, observe)

  // modules.json of sentence-transformers: {idx, name, path, type}, where the type is imported. Source: its util.py, import_from_string.
  if (members.has('path') && text('type').includes('.') && baseName(where.path) === 'modules.json') {
    const type = text('type')
    if (
      !/^sentence_transformers\.(models|sparse_encoder\.models|cross_encoder\.modules|base\.modules)\.\w+$|^pylate\.models\.\w+$/.test(
        type,
      )
    ) {
      const grade = gradeTarget(type)
      if (grade === 'dangerous') noteTarget(type, where, observe)
      else reference(type, offset, member === '' ? 'type' : `${member}.type`)
    }
    if (leavesFolder(text('path')) !== undefined)
      observe({ code: 'json.path-traversal', offset, member: 'path', evidence: text('path') })
  }

  // `auto_mapping` of an adapter: the library is imported and the class taken from it. Source: peft, auto.py.
  if (text('parent_library') !== '' && text('base_model_class') !== '') {
    const library = text('parent_library')
    const name = `${library}.${text('base_model_class')}`
    const grade = gradeTarget(name)
    if (library.startsWith('transformers_modules')) reference(name, offset, 'auto_mapping')
    else if (grade === 'unknown' || grade === 'dangerous') noteTarget(name, { offset, member: 'auto_mapping' }, observe)
  }

  // MANIFEST.json of a TorchServe archive: the handler is imported when the model is registered.
  if (text('handler').endsWith('.py') && baseName(where.path).toUpperCase() === 'MANIFEST.JSON')
    observe({
      code: 'json.plugin',
      offset,
      member: 'handler',
      evidence: text('handler'),
      detail: `handler ${escapeText(text('handler'), 100)}`,
    })
}
