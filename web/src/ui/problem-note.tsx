import { asProblem } from '../api/problem.ts'
import { Button } from './button.tsx'

interface ProblemNoteProps {
  error: unknown
  /** What could not be done: "The events could not be read". */
  what?: string
  retry?: () => void
}

/** What went wrong, where, and what to do next; in the place where it happened. */
export function ProblemNote({ error, what, retry }: ProblemNoteProps) {
  const problem = asProblem(error)
  return (
    <div role="alert" className="rounded-lg border border-danger/40 bg-danger-wash px-4 py-3">
      <p className="font-medium text-danger">{what ?? problem.message}</p>
      <p className="mt-0.5 break-words">
        {what && <>{problem.message}. </>}
        {problem.detail}
      </p>
      {problem.errors.length > 0 && (
        <ul className="mt-2 list-disc pl-5">
          {problem.errors.map(({ path, message }) => (
            <li key={path + message}>
              <code className="font-mono text-[13px]">{path}</code>: {message}
            </li>
          ))}
        </ul>
      )}
      <div className="mt-2 flex items-center gap-3 text-[13px] text-soft">
        <span className="font-mono">{problem.code}</span>
        {retry && (
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  )
}
