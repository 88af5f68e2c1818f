import createMarkdown, { type MarkdownIt } from 'markdown-it'
import { ofText } from './filter.ts'

/** What is longer is refused: some texts take a time that grows faster than they do. */
const maxCharacters = 100_000

/** With tables and links as they stand; what is HTML already stays so, as in the original. */
export const markdown = ofText((text, context) => {
  if (text.length > maxCharacters)
    return context.because(`Markdown is made of at most ${maxCharacters} characters`)
  context.charge(text.length)
  const html = `${renderer().render(text.trim())}\n`.replaceAll(' style="text-align:', ' style="text-align: ')
  context.checkLength(html.length)
  return html
})

let made: MarkdownIt | undefined

function renderer(): MarkdownIt {
  if (made) return made
  made = createMarkdown({ html: true, linkify: true, maxNesting: 50 })
  made.linkify.set({ fuzzyEmail: false, fuzzyLink: false })
  linkTheWeb(made)
  emphasisExtras(made)
  return made
}

/** `www.` begins a link, as `https:` does. */
function linkTheWeb({ linkify }: MarkdownIt): void {
  linkify.add('www.', {
    validate: (text, at) =>
      /^[\w-]+(?:\.[\w-]+)+(?:[/?#][^\s<]*)?/.exec(text.slice(at, at + 2000))?.[0].length ?? 0,
    normalize: match => void (match.url = `http://${match.url}`),
  })
}

const marks: Readonly<Record<string, string>> = {
  '~~': 'del',
  '~': 'sub',
  '^': 'sup',
  '++': 'ins',
  '==': 'mark',
}

/** `~~deleted~~ ~sub~ ^sup^ ++inserted++ ==marked==` */
function emphasisExtras(markdownIt: MarkdownIt): void {
  markdownIt.disable('strikethrough')
  markdownIt.inline.ruler.before('emphasis', 'extras', (state, silent) => {
    const mark = /^(?:~~|\+\+|==|~|\^)/.exec(state.src.slice(state.pos, state.pos + 2))?.[0]
    if (mark === undefined || silent) return false
    const start = state.pos + mark.length
    const end = state.src.indexOf(mark, start)
    const inner = state.src.slice(start, Math.max(end, start))
    if (end <= start || end >= state.posMax || /^\s|\s$/.test(inner)) return false
    if (mark.length === 1 && /\s/.test(inner)) return false
    const { posMax } = state
    state.push('extra_open', marks[mark]!, 1)
    state.pos = start
    state.posMax = end
    state.md.inline.tokenize(state)
    state.push('extra_close', marks[mark]!, -1)
    state.pos = end + mark.length
    state.posMax = posMax
    return true
  })
}
