import { useMemo, useState } from 'react'
import { FoldButton } from '../../../ui/fold-button.tsx'
import { Code } from '../../../ui/code.tsx'

/** An XML document as a tree that folds. Everything is text; what cannot be read as XML is shown as it came. */
export function XmlView({ text }: { text: string }) {
  const document = useMemo(() => parseXml(text), [text])
  if (document === null)
    return (
      <Code label="Body" wrap>
        {text}
      </Code>
    )
  return (
    <div role="group" aria-label="XML" className="font-mono text-[13px] leading-6">
      <Children of={document} depth={0} />
    </div>
  )
}

/** A document type could make a large document of a small one. */
function parseXml(text: string): Document | null {
  if (/<!DOCTYPE/i.test(text)) return null
  const document = new DOMParser().parseFromString(text, 'application/xml')
  return document.querySelector('parsererror') === null ? document : null
}

const openDepth = 3
const pageSize = 100
const maxDepth = 200

const isSpace = (node: Node): boolean =>
  node.nodeType === Node.TEXT_NODE && (node.nodeValue ?? '').trim() === ''

function Children({ of, depth }: { of: Node; depth: number }) {
  const [shown, setShown] = useState(pageSize)
  const nodes = [...of.childNodes].filter(node => !isSpace(node))
  if (depth > maxDepth)
    return <p className="pl-5 text-soft">Too deep to show. Download it to see the rest.</p>
  return (
    <>
      {nodes.slice(0, shown).map((node, index) =>
        node instanceof Element ? (
          <ElementNode key={index} element={node} depth={depth} />
        ) : (
          <p key={index} className={`pl-5 ${textClass} ${isText(node) ? '' : 'text-soft'}`}>
            {sourceOf(node)}
          </p>
        ),
      )}
      {nodes.length > shown && (
        <button type="button" className="ml-5 text-link" onClick={() => setShown(shown + pageSize * 5)}>
          {(nodes.length - shown).toLocaleString()} more
        </button>
      )}
    </>
  )
}

const textClass = 'min-w-0 break-words whitespace-pre-wrap [overflow-wrap:anywhere]'

const isText = (node: Node): boolean =>
  node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE

function sourceOf(node: Node): string {
  const value = node.nodeValue ?? ''
  if (node.nodeType === Node.COMMENT_NODE) return `<!--${value}-->`
  return node.nodeType === Node.PROCESSING_INSTRUCTION_NODE ? `<?${node.nodeName} ${value}?>` : value.trim()
}

function ElementNode({ element, depth }: { element: Element; depth: number }) {
  const [isOpen, setOpen] = useState(depth < openDepth)
  const hasElements = element.children.length > 0
  const closing = `</${element.nodeName}>`
  if (!hasElements)
    return (
      <p className={`pl-5 ${textClass}`}>
        <Opening element={element} isEmpty={element.childNodes.length === 0} />
        {element.textContent}
        {element.childNodes.length > 0 && <span className="text-soft">{closing}</span>}
      </p>
    )
  return (
    <div>
      <div className="flex items-start">
        <FoldButton isOpen={isOpen} what={element.nodeName} onClick={() => setOpen(!isOpen)} />
        <p className={textClass}>
          <Opening element={element} isEmpty={false} />
          {!isOpen && <span className="text-soft">…{closing}</span>}
        </p>
      </div>
      {isOpen && (
        <>
          <div className="ml-2.5 border-l border-line pl-2.5">
            <Children of={element} depth={depth + 1} />
          </div>
          <p className={`pl-5 text-soft ${textClass}`}>{closing}</p>
        </>
      )}
    </div>
  )
}

function Opening({ element, isEmpty }: { element: Element; isEmpty: boolean }) {
  return (
    <>
      <span className="text-soft">{`<${element.nodeName}`}</span>
      {[...element.attributes].map(({ name, value }) => (
        <span key={name}>
          {' '}
          <span className="text-soft">{name}=</span>
          <span className="text-accent">{JSON.stringify(value)}</span>
        </span>
      ))}
      <span className="text-soft">{isEmpty ? '/>' : '>'}</span>
    </>
  )
}
