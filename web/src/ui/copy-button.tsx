import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'
import { copyText } from './copy.ts'
import { toast } from './toast.tsx'

interface CopyButtonProps {
  text: string
  /** What is copied, for screen readers: "URL", "curl line". */
  what: string
  label?: string
}

export function CopyButton({ text, what, label = 'Copy' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    if (!(await copyText(text))) return toast('Your browser did not allow copying. Select the text instead.')
    setCopied(true)
    setTimeout(() => setCopied(false), 1600)
  }
  const Icon = copied ? Check : Copy
  return (
    <Button size="small" onClick={copy} aria-label={`${label} ${what}`}>
      <Icon size={14} aria-hidden />
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  )
}
