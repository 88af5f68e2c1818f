interface CodeProps {
  children: string
  label: string
  wrap?: boolean
}

/** Text as it is, in a box of its own that scrolls. */
export function Code({ children, label, wrap = false }: CodeProps) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      className={`max-h-[60vh] overflow-auto rounded-lg border border-line bg-paper p-3 font-mono text-[12.5px] leading-5 ${wrap ? 'break-words whitespace-pre-wrap [overflow-wrap:anywhere]' : ''}`}
    >
      {children}
    </pre>
  )
}
