/** How much heap a scanner child has: what `scanner/pool/command.ts` tells Node. */
export const heapOfChild = ['--max-semi-space-size=4', '--max-old-space-size=160'] as const
