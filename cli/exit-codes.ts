/** Exit codes of every command except `scan`, whose codes are its own (0 clean, 1 findings, 2 incomplete, 3 wrong use). */
export const exitCodes = {
  ok: 0,
  /** Refused, failed, not found, no hub. */
  refused: 1,
  /** The version ended in needs_attention. */
  needsAttention: 2,
  wrongUse: 3,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const
