import { createContext } from 'react'

/** From the root of a tree to a value. */
export type Steps = readonly (string | number)[]

export interface ValueAction {
  label: string
  run: () => void
}

/** What can be made of a value in a tree of JSON; null where nothing can. */
export const ValueActions = createContext<((steps: Steps, value: unknown) => ValueAction[]) | null>(null)
