import { lazy, Suspense, type ReactNode } from 'react'
import type { FieldError } from '../api/types.ts'
import type { CodeEditorProps } from './code-editor.tsx'
import { errorsUnder } from './field-errors.ts'

const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.tsx')).CodeEditor }))

interface CodeFieldProps extends Omit<CodeEditorProps, 'mistakes'> {
  hint?: ReactNode
  /** Those of this field alone. */
  errors: readonly FieldError[]
}

/** An editor for a template or an expression. Until its code is loaded, a plain text area does. */
export function CodeField({ hint, errors, ...editor }: CodeFieldProps) {
  const text = errors.length > 0 ? errorsUnder(errors, errors[0]?.path ?? '') : undefined
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="font-medium">{editor.label}</span>
      <Suspense
        fallback={
          <textarea
            aria-label={editor.label}
            className="w-full rounded-md border border-edge bg-surface px-3 py-2 font-mono text-[13px]"
            value={editor.value}
            onChange={event => editor.onChange(event.target.value)}
          />
        }
      >
        <CodeEditor {...editor} mistakes={errors} />
      </Suspense>
      {hint && <p className="text-[13px] text-soft">{hint}</p>}
      {text && (
        <p role="alert" className="text-[13px] break-words text-danger">
          {text}
        </p>
      )}
    </div>
  )
}
