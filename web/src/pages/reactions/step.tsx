import type { ReactNode } from 'react'

interface StepProps {
  title: string
  sentence: string
  last?: boolean
  children: ReactNode
}

/** A station on the way from an event to what is done about it. */
export function Step({ title, sentence, last = false, children }: StepProps) {
  return (
    <li className="relative pb-7 pl-7">
      {!last && <span aria-hidden className="absolute top-5 bottom-0 left-[6px] w-px bg-edge/50" />}
      <span
        aria-hidden
        className="absolute top-[5px] left-0 size-[13px] rounded-full border-[3.5px] border-accent bg-paper"
      />
      <h2 className="text-base font-semibold">
        {title} <span className="ml-1 text-[13px] font-normal text-soft">{sentence}</span>
      </h2>
      <div className="mt-3 flex flex-col gap-4">{children}</div>
    </li>
  )
}
