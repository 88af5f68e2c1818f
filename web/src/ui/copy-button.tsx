import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'
import { copyText } from './copy.ts'
import { toast } from './toast.tsx'

interface CopyButtonProps {
  /** Fetched on the click where it takes a request. */
  text: string | (() => Promise<string>)
  /** What is copied, for screen readers: "URL", "curl line". */
  what: string
  label?: string
}

export function CopyButton({ text, what, label = 'Copy' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    const ready = typeof text === 'string' ? text : await text().catch(() => null)
    if (ready === null) return toast('It could not be read, so nothing was copied. Try again.')
    if (!(await copyText(ready))) return toast('Your browser did not allow copying. Select the text instead.')
    setCopied(true)
    setTimeout(() => setCopied(false), 1600)
  }
  const Icon = copied ? Check : Copy
  return (
    <Button size="small" onClick={copy} aria-label={`${copied ? 'Copied' : label} ${what}`}>
      <Icon size={14} aria-hidden />
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  )
}
