import { Link } from '@tanstack/react-router'

/** The signal is drawn here so that it follows the colours of the page. */
export function Brand() {
  return (
    <Link to="/" className="inline-flex items-center gap-2.5 rounded text-[15px] font-semibold no-underline">
      <svg aria-hidden viewBox="0 0 16 26" className="h-6">
        <rect width="16" height="26" rx="8" className="fill-ink" />
        <circle cx="8" cy="8" r="4" className="fill-caution-lamp opacity-25" />
        <circle cx="8" cy="18" r="4" className="fill-clear-lamp" />
      </svg>
      Signalbox
    </Link>
  )
}
