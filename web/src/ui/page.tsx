import type { ReactNode } from 'react'

interface PageProps {
  title: ReactNode
  /** Above the title: the way back. */
  back?: ReactNode
  actions?: ReactNode
  children: ReactNode
  wide?: boolean
}

/** A page that scrolls as a whole, with a title and what can be done. */
export function Page({ title, back, actions, children, wide = false }: PageProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className={`mx-auto w-full px-4 pt-5 pb-16 md:px-8 md:pt-7 ${wide ? 'max-w-7xl' : 'max-w-4xl'}`}>
        {back && <div className="mb-2 text-[13px]">{back}</div>}
        <div className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="min-w-0 flex-1 truncate text-xl font-semibold">{title}</h1>
          {actions}
        </div>
        {children}
      </div>
    </div>
  )
}

export function Section({
  title,
  actions,
  children,
}: {
  title: string
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="mt-8">
      <div className="mb-2 flex items-center gap-2">
        <h2 className="flex-1 text-base font-semibold">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}
