import { useContext, useState, type ReactNode } from 'react'
import { FoldButton } from './fold-button.tsx'
import { Button } from './button.tsx'
import { copyText } from './copy.ts'
import { ExactNumber } from './exact-json.ts'
import { toast } from './toast.tsx'
import { type Steps, ValueActions } from './value-actions.ts'

/** Any JSON value as a tree that folds; a click on a key copies the path to its value. Everything is text. */
export function JsonTree({ value, root }: { value: unknown; root: string }) {
  return (
    <div className="font-mono text-[13px] leading-6">
      <Node value={value} path={root} steps={[]} depth={0} />
    </div>
  )
}

interface NodeProps {
  value: unknown
  path: string
  steps: Steps
  depth: number
  name?: ReactNode
}

const openDepth = 3
const pageSize = 100

function Node({ value, path, steps, depth, name }: NodeProps) {
  const entries = entriesOf(value)
  const [isOpen, setOpen] = useState(depth < openDepth)
  const [shown, setShown] = useState(pageSize)
  if (!entries || entries.length === 0) {
    return (
      <div className="flex pl-5">
        {name}
        <Value value={value} steps={steps} />
      </div>
    )
  }
  const isArray = Array.isArray(value)
  return (
    <div>
      <div className="flex items-start">
        <FoldButton isOpen={isOpen} what={path} onClick={() => setOpen(!isOpen)} />
        {name}
        <span className="text-soft">
          {isOpen ? (isArray ? '[' : '{') : `${isArray ? '[…]' : '{…}'} ${entries.length}`}
        </span>
      </div>
      {isOpen && (
        <>
          <div className="ml-2.5 border-l border-line pl-2.5">
            {entries.slice(0, shown).map(([key, child]) => {
              const childPath = path + step(isArray, key)
              return (
                <Node
                  key={key}
                  value={child}
                  path={childPath}
                  steps={[...steps, isArray ? Number(key) : key]}
                  depth={depth + 1}
                  name={<Key path={childPath}>{isArray ? key : JSON.stringify(key)}</Key>}
                />
              )
            })}
            {entries.length > shown && (
              <button type="button" className="ml-5 text-link" onClick={() => setShown(shown + pageSize * 5)}>
                {(entries.length - shown).toLocaleString()} more
              </button>
            )}
          </div>
          <div className="pl-5 text-soft">{isArray ? ']' : '}'}</div>
        </>
      )}
    </div>
  )
}

function entriesOf(value: unknown): [string, unknown][] | null {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return null
  return Object.entries(value)
}

/** As filters write it: `.name`, `["odd name"]`, `[0]`. */
function step(isArray: boolean, key: string): string {
  if (isArray) return `[${key}]`
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function Key({ path, children }: { path: string; children: ReactNode }) {
  const copy = async () => {
    if (await copyText(path))
      toast(
        <>
          Copied <code className="font-mono">{path}</code>
        </>,
      )
  }
  return (
    <span className="shrink-0 whitespace-pre">
      <button
        type="button"
        title={`Copy ${path}`}
        aria-label={`Copy the path ${path}`}
        className="max-w-60 truncate rounded align-bottom text-soft hover:bg-accent-wash hover:text-accent"
        onClick={copy}
      >
        {children}
      </button>
      <span className="text-soft">: </span>
    </span>
  )
}

/** A value; where something can be made of it, a click shows what. */
function Value({ value, steps }: { value: unknown; steps: Steps }) {
  const actionsOf = useContext(ValueActions)
  const [isOpen, setOpen] = useState(false)
  const isPlain =
    (typeof value === 'object' && value !== null && !(value instanceof ExactNumber)) || isLong(value)
  if (actionsOf === null || isPlain) return <Scalar value={value} />
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        title="Use it in a reaction"
        className="rounded text-left select-text hover:bg-accent-wash"
        onClick={() => setOpen(!isOpen)}
      >
        <Scalar value={value} />
      </button>
      {isOpen && (
        <div className="flex flex-wrap gap-1.5 py-1 font-sans">
          {actionsOf(steps, value).map(({ label, run }) => (
            <Button
              key={label}
              size="small"
              onClick={() => {
                setOpen(false)
                run()
              }}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}

const longestText = 2000
const isLong = (value: unknown): boolean => typeof value === 'string' && value.length > longestText

function Scalar({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false)
  if (typeof value === 'string') {
    const isCut = value.length > longestText && !isWhole
    return (
      <span className="min-w-0 break-words whitespace-pre-wrap [overflow-wrap:anywhere]">
        <span>{JSON.stringify(isCut ? value.slice(0, longestText) : value)}</span>
        {isCut && (
          <button type="button" className="ml-2 text-link" onClick={() => setWhole(true)}>
            {(value.length - longestText).toLocaleString()} more characters
          </button>
        )}
      </span>
    )
  }
  if (value instanceof ExactNumber) return <span className="text-accent">{value.source}</span>
  const empty = Array.isArray(value) ? '[]' : typeof value === 'object' && value !== null ? '{}' : null
  if (empty) return <span className="text-soft">{empty}</span>
  return <span className={value === null ? 'text-soft' : 'text-accent'}>{String(value)}</span>
}
