/** What the host tells a child to serve. Sent once over IPC. */
export type ChildSpec = {
  deploymentId: string
  /** Absolute path of the (first) GGUF file. */
  modelPath: string
  /** Unix socket to listen on; its folder must be private to the user. */
  socketPath: string
  /** Tokens per sequence; the model's own training length caps it. */
  contextLength: number
  /** Sequences that are generated at the same time. */
  parallel: number
  /** Requests that may wait for a sequence. */
  queueLimit: number
  threads?: number
  /** True when the file may be mapped, because nobody but the hub can change it; else its bytes are read into memory. */
  mapped: boolean
}

/** Facts about a loaded model. */
export type ChildReady = {
  type: 'ready'
  contextLength: number
  /** Milliseconds from the start message to ready. */
  loadMs: number
  rssBytes: number
  engine: 'llama.cpp'
  engineVersion: string
  /** `architecture`, `size` and `file type` in llama.cpp's words. */
  description: string
}

export type ChildFailed = { type: 'failed'; code: LoadFailureCode; detail: string }

/** Sent every second: proof that the child's event loop runs, and its resident memory in bytes. */
export type ChildBeat = { type: 'beat'; rssBytes: number }

export type FromChild = ChildReady | ChildFailed | ChildBeat
export type ToChild = { type: 'start'; spec: ChildSpec }

/** Why a child could not load its model. Lasting: the same file fails the same way again. */
export type LoadFailureCode = 'broken_model' | 'nan_logits' | 'not_generative' | 'out_of_memory'
