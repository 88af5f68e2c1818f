interface EmptyProps {
  title: string
  children: React.ReactNode
  action?: React.ReactNode
}

/** What belongs here, and how to make the first one. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-16 text-center">
      <span aria-hidden className="mb-3 flex flex-col gap-1.5 rounded-full bg-raised p-2.5">
        <span className="size-3 rounded-full border-[1.5px] border-edge" />
        <span className="size-3 rounded-full border-[1.5px] border-edge" />
      </span>
      <h2 className="text-base font-semibold">{title}</h2>
      <div className="text-pretty text-soft">{children}</div>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
