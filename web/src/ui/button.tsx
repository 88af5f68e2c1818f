import type { ButtonHTMLAttributes } from 'react'

const looks = {
  primary: 'bg-ink text-paper border-transparent hover:bg-ink/85 disabled:bg-ink/40',
  plain: 'bg-surface text-ink border-line hover:bg-raised hover:border-edge disabled:text-soft/60',
  quiet: 'bg-transparent text-soft border-transparent hover:bg-raised hover:text-ink disabled:text-soft/50',
  danger:
    'bg-surface text-danger border-line hover:bg-danger-wash hover:border-danger disabled:text-danger/50',
}

const sizes = {
  small: 'h-7 px-2 text-[13px] gap-1.5',
  medium: 'h-9 px-3 gap-2',
  large: 'h-11 px-5 text-base gap-2.5',
}

interface ButtonLook {
  look?: keyof typeof looks
  size?: keyof typeof sizes
}

/** The classes of a button, for links that look like one. */
export const buttonClass = ({ look = 'plain', size = 'medium' }: ButtonLook = {}): string =>
  `inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap no-underline transition-colors ${looks[look]} ${sizes[size]}`

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonLook {
  busy?: boolean
}

/** While it is busy it does nothing, but keeps the focus, which a disabled button would lose to nowhere. */
export function Button({ look, size, busy = false, className = '', onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`${buttonClass({ look, size })} ${busy ? 'cursor-default opacity-50' : ''} ${className}`}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? event => event.preventDefault() : onClick}
      {...rest}
    />
  )
}
