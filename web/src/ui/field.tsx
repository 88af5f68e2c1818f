import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react'

const controlClass =
  'w-full rounded-md border border-edge bg-surface px-3 text-ink placeholder:text-soft/80 aria-invalid:border-danger disabled:bg-raised disabled:text-soft'

interface FieldProps {
  label: string
  hint?: ReactNode
  error?: ReactNode
  /** The label is for screen readers only. */
  quiet?: boolean
  className?: string
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}

/** A label, a control, what it means, and what is wrong with it: tied together for screen readers. */
export function Field({ label, hint, error, quiet = false, className = '', children }: FieldProps) {
  const id = useId()
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className}`}>
      <label htmlFor={id} className={quiet ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      {children({
        id,
        ...(notes ? { 'aria-describedby': notes } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-[13px] text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-[13px] text-danger">
          {error}
        </p>
      )}
    </div>
  )
}

type Shared = Pick<FieldProps, 'label' | 'hint' | 'error' | 'quiet' | 'className'>

type InputProps = Shared &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> & { mono?: boolean }

export function Input({ label, hint, error, quiet, className, mono, ...rest }: InputProps) {
  return (
    <Field {...{ label, hint, error, quiet, className }}>
      {control => (
        <input
          autoComplete="off"
          spellCheck={!mono}
          className={`${controlClass} h-9 ${mono ? 'font-mono text-[13px]' : ''}`}
          {...control}
          {...rest}
        />
      )}
    </Field>
  )
}

type TextAreaProps = Shared &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id' | 'className'> & { mono?: boolean }

export function TextArea({ label, hint, error, quiet, className, mono, ...rest }: TextAreaProps) {
  return (
    <Field {...{ label, hint, error, quiet, className }}>
      {control => (
        <textarea
          spellCheck={!mono}
          className={`${controlClass} py-2 ${mono ? 'font-mono text-[13px]' : ''}`}
          {...control}
          {...rest}
        />
      )}
    </Field>
  )
}

type SelectProps = Shared & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'className'>

export function Select({ label, hint, error, quiet, className, children, ...rest }: SelectProps) {
  return (
    <Field {...{ label, hint, error, quiet, className }}>
      {control => (
        <select className={`${controlClass} h-9 pr-8`} {...control} {...rest}>
          {children}
        </select>
      )}
    </Field>
  )
}

type CheckboxProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'className'> & {
  label: string
  hint?: ReactNode
}

export function Checkbox({ label, hint, ...rest }: CheckboxProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        className="mt-1 size-4 accent-accent"
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-[13px] text-soft">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}
