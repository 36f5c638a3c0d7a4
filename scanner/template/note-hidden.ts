import type { Observation } from '../types.ts'

const reachesInside =
  /\{[{%](?:(?![}%]\}).){0,2000}?(?:__(?:class|globals|init|mro|subclasses|builtins|import|base|bases)__)(?:(?![}%]\}).){0,400}?[}%]\}/s

/** A template expression that reaches into Python's internals, in a text that is not by name a template: some tools take any path. */
export function noteHiddenTemplate(
  text: string,
  baseOffset: number,
  observe: (observation: Observation) => void,
): void {
  if (!text.includes('{{') && !text.includes('{%')) return
  const match = reachesInside.exec(text)
  if (match === null) return
  observe({ code: 'template.hidden-in-text', offset: baseOffset + match.index, evidence: match[0] })
}
