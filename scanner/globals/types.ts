/**
 * What a pickle may do with a global. `call`: call it (REDUCE, or OBJ and INST with arguments). `new`: make an instance without its
 * constructor (NEWOBJ). `build`: set the state of what it made. `items`, `append`: set or append items of what it made. `array`: be the
 * class of an array that NumPy's own reconstructor makes. Being named (imported) is included in each; `import` is that alone.
 */
export type Action = 'import' | 'call' | 'new' | 'build' | 'items' | 'append' | 'array'

/** What must hold of the arguments of a call, beyond that every global among them is allowed. See `pickle/conditions.ts`. */
export type Condition =
  /** Constants and containers only. */
  | 'data'
  /** Exactly one argument. */
  | 'one'
  /** A constant text and the name of a plain encoding. */
  | 'encode'
  /** The first argument is a class that may be made (`new`); the result is its instance. */
  | 'class-first'
  /** As `class-first`, and the second argument is a built-in type. */
  | 'reconstruct'
  /** The first argument is a class that may be an array. */
  | 'array-first'
  /** Every global among the arguments may itself be called with any arguments. */
  | 'callables'
  /** The first argument may be called, with the third as its arguments; the second is an allowed class. */
  | 'calls-first'
  /** The first argument is a global, which is called by nobody here. */
  | 'global-first'
  /** A byte string that holds a torch file, which is inspected in its place. */
  | 'torch-bytes'
  /** The constant text `numpy` and a name. */
  | 'numpy-name'

/** Names of one library that were read in its source and found safe for the given actions, whatever the arguments. */
export type AllowedGroup = {
  may: readonly Action[]
  /** Of the call. */
  when?: Condition
  /** Module to names, separated by spaces. Exact: no prefix, no pattern. */
  names: Readonly<Record<string, string>>
}

/** Callables and modules that attacks use, to say what they do. Being absent here makes nothing safe. */
export type DeniedGroup = {
  /** Completes "It …". */
  does: string
  /** These and everything below them. */
  modules?: readonly string[]
  /** `module.name`, with everything below. */
  names?: readonly string[]
}
