import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

interface Tab<T extends string> {
  value: T
  label: ReactNode
  content: () => ReactNode
}

interface TabsProps<T extends string> {
  value: T
  onChange: (value: T) => void
  label: string
  tabs: readonly Tab<T>[]
}

export function Tabs<T extends string>({ value, onChange, label, tabs }: TabsProps<T>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: T) => onChange(next)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Base.List
        aria-label={label}
        className="no-scrollbar flex shrink-0 gap-1 overflow-x-auto border-b border-line px-4 md:px-5"
      >
        {tabs.map(tab => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-10 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 text-soft -outline-offset-2 hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(tab => (
        <Base.Panel
          key={tab.value}
          value={tab.value}
          className="min-h-0 flex-1 overflow-y-auto px-4 py-4 -outline-offset-2 md:px-5"
        >
          {tab.content()}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
