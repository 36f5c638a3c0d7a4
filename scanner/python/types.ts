import type { FormatHeader } from '../types.ts'

/** What a call does that matters. */
export type CallKind =
  /** Starts a program. */
  | 'process'
  /** Runs text or bytes as code. */
  | 'code'
  /** Runs as code what was decoded or decompressed just before, or fetched. */
  | 'hidden-code'
  /** Loads a native library, or compiles one. */
  | 'native'
  /** Loads a pickle or what is like one. */
  | 'unpickle'
  /** Loads weights in a way that can unpickle, as training code does. */
  | 'load-weights'
  /** Opens a connection or sends. */
  | 'send'
  /** Fetches. */
  | 'fetch'
  /** Writes, moves or removes files. */
  | 'write'
  /** Removes whole folders. */
  | 'remove'
  /** Reaches an attribute, a module or a built-in by a computed name, or through the insides of Python. */
  | 'hidden-name'
  /** Names credentials, start files or the like of the machine. */
  | 'sensitive'
  /** Hands the environment or credentials of the machine to the network. */
  | 'exfiltrate'
  /** Loads another repository's code. */
  | 'remote-code'

/** When a call is made: while the module is imported, or only when one of its functions is called. */
export type CallTime = 'import' | 'function'

/** A call that matters, or the mention of what would make it. `offset` counts from the start of the file. */
export type PythonCall = { kind: CallKind; time: CallTime; name: string; offset: number }

/** What Python source says without being run. */
export type PythonHeader = FormatHeader & {
  kind: 'python'
  /** Modules imported, as written; the first 200. */
  imports: string[]
  /** Calls that matter; the first 200. */
  calls: PythonCall[]
  /** False when the source could not be followed to its end. */
  parsed: boolean
}
