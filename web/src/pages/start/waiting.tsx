/** A signal at caution until the first request comes. */
export function Waiting() {
  return (
    <div
      role="status"
      className="mt-8 flex items-center gap-4 rounded-xl border border-dashed border-edge px-5 py-6"
    >
      <svg aria-hidden viewBox="0 0 16 26" className="h-9 shrink-0">
        <rect width="16" height="26" rx="8" className="fill-ink" />
        <circle cx="8" cy="8" r="4" className="animate-wait fill-caution-lamp" />
        <circle cx="8" cy="18" r="4" className="fill-clear-lamp opacity-20" />
      </svg>
      <div>
        <p className="font-medium">Waiting for the first request…</p>
        <p className="text-soft">Paste the curl line into a terminal. It shows up here by itself.</p>
      </div>
    </div>
  )
}
