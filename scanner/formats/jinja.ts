import { defineFormat } from '../define-format.ts'
import { inspectTemplateFile } from '../template/inspect-file.ts'
import { templateRules } from '../template/rules.ts'

/** Chat templates in files of their own, by name or because the text is one from its first character. Source: Jinja 3 documentation. */
export const jinjaFormat = defineFormat({
  kind: 'jinja',
  title: 'Chat template (Jinja)',
  extensions: ['.jinja', '.jinja2', '.j2'],
  probe: ({ text, offset, path }) =>
    text !== undefined &&
    (/\.(jinja2?|j2)$|chat_template[^/]*\.(txt|tmpl|tpl)$/.test(path) ||
      /^\uFEFF?\s{0,1024}\{[{%#]/.test(text.slice(0, 2048)))
      ? { offset, certainty: 'guess' }
      : undefined,
  inspect: inspectTemplateFile,
  rules: templateRules,
})
