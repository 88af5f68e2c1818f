interface EmptyProps {
  title: string
  children: React.ReactNode
  action?: React.ReactNode
  /** Nothing else is on the page, so this is its title. */
  isPage?: boolean
}

/** What belongs here, and how to make the first one. */
export function Empty({ title, children, action, isPage = false }: EmptyProps) {
  const Heading = isPage ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-16 text-center">
      <span aria-hidden className="mb-3 flex flex-col gap-1.5 rounded-full bg-raised p-2.5">
        <span className="size-3 rounded-full border-[1.5px] border-edge" />
        <span className="size-3 rounded-full border-[1.5px] border-edge" />
      </span>
      <Heading className="text-base font-semibold">{title}</Heading>
      <div className="text-pretty text-soft">{children}</div>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
