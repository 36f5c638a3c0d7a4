import { createContext, use } from 'react'

export const FrameContext = createContext({ openPalette: () => {}, openShortcuts: () => {} })

export const useFrame = () => use(FrameContext)
