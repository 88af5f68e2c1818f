/**
 * Tokens → trees. The grammar, as Go's text/template has it:
 *
 *   body      (text | action)*
 *   action    {{ pipeline }}
 *             {{ if|with|range pipeline }} body [{{ else [if|with pipeline] }} body] {{ end }}
 *             {{ break }}   {{ continue }}
 *             {{ template "name" [pipeline] }}   {{ block "name" pipeline }} body {{ end }}
 *             {{ define "name" }} body {{ end }}                                      (only outside all others)
 *   pipeline  [$x :=|= ] command (| command)*          (range: [$i, $x :=|=])
 *   command   operand (space operand)*
 *   operand   (literal | function | . | .Field | $x | (pipeline)) .Field*
 *
 * A syntax error points at the last token that was read, as Go's does.
 */
import { Failure, failLimit } from './failure.ts'
import { lex, type Token } from './lex.ts'
import { parseCharacter, parseNumber, unquote } from './literals.ts'
import {
  unset,
  type Command,
  type Operand,
  type Pipe,
  type Statement,
  type Tree,
  type Variable,
} from './nodes.ts'

/** Nested blocks and parentheses together. Go stops at 10,000 parentheses; nobody writes ten. */
const maxParseDepth = 200
const maxCommands = 200
const maxVariables = 1000

/** The named trees of a source; the whole source is the one called `name`. */
export function parse(name: string, source: string, functions: KnownFunctions): Map<string, Tree> {
  return new Parser(source, functions).parse(name)
}

interface KnownFunctions {
  has: (name: string) => boolean
  /** What to say of one that is not there. */
  hint: (name: string) => string | undefined
}

interface Named {
  name: string
  /** Not yet there for the commands of its own declaration: `{{$x := print $x}}` reads the outer one. */
  slot: number
}

/** What belongs to one tree while it is parsed. */
interface Scope {
  visible: Named[]
  slots: number
  rangeDepth: number
}

/** How a body ended. */
type End = 'end' | 'else'

class Parser {
  readonly #tokens: Token[]
  readonly #functions: KnownFunctions
  readonly #trees = new Map<string, Tree>()
  #next = 0
  #furthest = 0
  #depth = 0
  #scope = newScope()

  constructor(source: string, functions: KnownFunctions) {
    this.#tokens = lex(source)
    this.#functions = functions
  }

  parse(name: string): Map<string, Tree> {
    const body: Statement[] = []
    while (this.#peek().type !== 'eof') {
      if (this.#defineFollows()) {
        this.#define()
        continue
      }
      const statement = this.#statement()
      if (statement === 'end' || statement === 'else') this.#fail(`unexpected {{${statement}}}`)
      body.push(statement)
    }
    this.#add({ name, body, slots: this.#scope.slots })
    return this.#trees
  }

  // Tokens

  #token(): Token {
    if (this.#next > this.#furthest) this.#furthest = this.#next
    // The last token, `eof` or `error`, is answered for ever.
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as Token
  }

  #read(): Token {
    const token = this.#token()
    this.#next++
    return token
  }

  #peek(): Token {
    return this.#token()
  }

  #readNonSpace(): Token {
    if (this.#token().type === 'space') this.#next++
    return this.#read()
  }

  #peekNonSpace(): Token {
    if (this.#token().type === 'space') this.#next++
    return this.#token()
  }

  #isKeyword(token: Token, text: string): boolean {
    return token.type === 'keyword' && token.text === text
  }

  #expect(type: Token['type'], context: string): Token {
    const token = this.#readNonSpace()
    return token.type === type ? token : this.#unexpected(token, context)
  }

  // Errors

  #fail(message: string, hint?: string, at?: number): never {
    const token = this.#tokens[Math.min(this.#furthest, this.#tokens.length - 1)]
    throw new Failure('template.syntax', message, at ?? token?.at ?? 0, hint)
  }

  #unexpected(token: Token, context: string): never {
    if (token.type === 'error') this.#fail(token.text)
    this.#fail(`unexpected ${describe(token)} in ${context}`)
  }

  #deeper<T>(parse: () => T): T {
    if (++this.#depth > maxParseDepth) {
      failLimit(`blocks and parentheses are nested deeper than ${maxParseDepth}`, this.#token().at)
    }
    const result = parse()
    this.#depth--
    return result
  }

  // Trees

  #add(tree: Tree): void {
    const former = this.#trees.get(tree.name)
    if (former !== undefined && !isEmpty(former.body)) {
      if (!isEmpty(tree.body)) this.#fail(`multiple definition of template ${JSON.stringify(tree.name)}`)
      return
    }
    this.#trees.set(tree.name, tree)
  }

  #defineFollows(): boolean {
    const start = this.#next
    if (this.#peek().type !== 'leftDelimiter') return false
    this.#read()
    if (this.#isKeyword(this.#readNonSpace(), 'define')) return true
    this.#next = start
    return false
  }

  #define(): void {
    const name = this.#templateName(this.#readNonSpace(), 'define clause')
    this.#expect('rightDelimiter', 'define clause')
    this.#tree(name, 'define clause')
  }

  /** A body up to its `end`, with variables of its own. `headAt`: where Go still stands when a block ends wrongly. */
  #tree(name: string, context: string, headAt?: number): void {
    const outer = this.#scope
    this.#scope = newScope()
    const { body, end } = this.#body()
    if (end !== 'end') this.#fail(`unexpected {{${end}}} in ${context}`, undefined, headAt)
    this.#add({ name, body, slots: this.#scope.slots })
    this.#scope = outer
  }

  #templateName(token: Token, context: string): string {
    if (token.type !== 'string' && token.type !== 'rawString') this.#unexpected(token, context)
    return this.#unquoted(token)
  }

  // Statements

  #body(): { body: Statement[]; end: End } {
    return this.#deeper(() => {
      const body: Statement[] = []
      while (this.#peekNonSpace().type !== 'eof') {
        const statement = this.#statement()
        if (statement === 'end' || statement === 'else') return { body, end: statement }
        body.push(statement)
      }
      return this.#fail('unexpected EOF', 'a block is still open: it needs {{end}}')
    })
  }

  #statement(): Statement | End {
    const token = this.#readNonSpace()
    if (token.type === 'text') return { kind: 'text', at: token.at, text: token.text }
    if (token.type === 'leftDelimiter') return this.#action()
    return this.#unexpected(token, 'input')
  }

  #action(): Statement | End {
    const token = this.#peekNonSpace()
    if (token.type !== 'keyword') return { kind: 'action', at: token.at, pipe: this.#pipeline('command') }
    switch (token.text) {
      case 'if':
      case 'with':
      case 'range':
        this.#read()
        return this.#control(token.text)
      case 'break':
      case 'continue':
        this.#read()
        return this.#leave(token.text, token.at)
      case 'template':
        this.#read()
        return this.#template()
      case 'block':
        this.#read()
        return this.#block()
      case 'end':
        this.#read()
        this.#expect('rightDelimiter', 'end')
        return 'end'
      case 'else':
        this.#read()
        return this.#else()
      default:
        return { kind: 'action', at: token.at, pipe: this.#pipeline('command') }
    }
  }

  /** `{{else if` and `{{else with` leave their keyword to the block they belong to. */
  #else(): 'else' {
    const next = this.#peekNonSpace()
    if (!this.#isKeyword(next, 'if') && !this.#isKeyword(next, 'with')) this.#expect('rightDelimiter', 'else')
    return 'else'
  }

  #leave(kind: 'break' | 'continue', at: number): Statement {
    const token = this.#readNonSpace()
    if (token.type !== 'rightDelimiter') this.#unexpected(token, `{{${kind}}}`)
    if (this.#scope.rangeDepth === 0) this.#fail(`{{${kind}}} outside {{range}}`)
    return { kind, at }
  }

  #control(kind: 'if' | 'with' | 'range'): Statement {
    const scope = this.#scope
    const visible = scope.visible.length
    const pipe = this.#pipeline(kind)
    if (kind === 'range') scope.rangeDepth++
    const bodyStart = scope.visible.length
    const { body, end } = this.#body()
    if (kind === 'range') scope.rangeDepth--
    // Go still knows their names in the `else`, where they have no values.
    for (const named of scope.visible.slice(bodyStart)) named.slot = unset
    const otherwise = end === 'else' ? this.#otherwise(kind) : []
    scope.visible.length = visible
    return { kind, at: pipe.at, pipe, body, otherwise }
  }

  #otherwise(kind: 'if' | 'with' | 'range'): Statement[] {
    if (kind !== 'range' && this.#isKeyword(this.#peek(), kind)) {
      this.#read()
      // Its `end` is ours too.
      return [this.#deeper(() => this.#control(kind))]
    }
    const { body, end } = this.#body()
    if (end !== 'end') this.#fail(`expected end; found {{${end}}}`)
    return body
  }

  #template(): Statement {
    const token = this.#readNonSpace()
    const name = this.#templateName(token, 'template clause')
    if (this.#peekNonSpace().type === 'rightDelimiter') {
      this.#read()
      return { kind: 'template', at: token.at, name, pipe: null }
    }
    return { kind: 'template', at: token.at, name, pipe: this.#pipeline('template clause') }
  }

  #block(): Statement {
    const token = this.#readNonSpace()
    const name = this.#templateName(token, 'block clause')
    const pipe = this.#pipeline('block clause')
    this.#tree(name, 'block clause', this.#tokens[this.#next - 1]?.at)
    return { kind: 'template', at: token.at, name, pipe }
  }

  // Pipelines

  #pipeline(context: string, end: 'rightDelimiter' | 'rightParenthesis' = 'rightDelimiter'): Pipe {
    const pipe: Pipe = {
      kind: 'pipe',
      at: this.#peekNonSpace().at,
      assigns: false,
      variables: [],
      commands: [],
    }
    const declared = this.#declarations(context, pipe)
    for (;;) {
      const token = this.#peekNonSpace()
      if (token.type === end) {
        this.#read()
        break
      }
      if (!startsOperand(token)) {
        this.#read()
        this.#unexpected(token, context)
      }
      pipe.commands.push(this.#command())
      if (pipe.commands.length > maxCommands) {
        failLimit(`more than ${maxCommands} commands in one pipeline`, pipe.at)
      }
    }
    this.#checkPipeline(pipe, context)
    this.#reveal(pipe, declared)
    return pipe
  }

  /** The names are known from here on, their values when the pipeline is done. */
  #declarations(context: string, pipe: Pipe): Named[] {
    const declared: Named[] = []
    while (this.#peekNonSpace().type === 'variable') {
      const start = this.#next
      const variable = this.#read()
      const next = this.#peekNonSpace()
      const comma = next.type === 'char' && next.text === ','
      if (next.type !== 'assign' && next.type !== 'declare' && !comma) {
        this.#next = start
        break
      }
      this.#read()
      declared.push(this.#declare(pipe, variable))
      if (!comma) {
        pipe.assigns = next.type === 'assign'
        break
      }
      if (context !== 'range' || declared.length > 1) this.#fail(`too many declarations in ${context}`)
      const follower = this.#peekNonSpace().type
      if (follower !== 'variable' && follower !== 'rightDelimiter' && follower !== 'rightParenthesis') {
        this.#fail('range can only initialize variables')
      }
    }
    return declared
  }

  #declare(pipe: Pipe, token: Token): Named {
    const named = { name: token.text, slot: this.#slotOf(token.text) }
    if (this.#scope.visible.push(named) > maxVariables) {
      failLimit(`more than ${maxVariables} variables in one template`, token.at)
    }
    pipe.variables.push({ kind: 'variable', at: token.at, name: token.text, slot: named.slot, names: [] })
    return named
  }

  #reveal(pipe: Pipe, declared: Named[]): void {
    if (pipe.assigns) return
    declared.forEach((named, index) => {
      const variable = pipe.variables[index] as Variable
      named.slot = variable.slot = this.#scope.slots++
    })
  }

  #slotOf(name: string): number {
    return this.#scope.visible.findLast(named => named.name === name && named.slot !== unset)?.slot ?? unset
  }

  #checkPipeline(pipe: Pipe, context: string): void {
    if (pipe.commands.length === 0) this.#fail(`missing value for ${context}`)
    pipe.commands.forEach((command, index) => {
      if (index > 0 && !isExecutable(command)) {
        this.#fail(`non executable command in pipeline stage ${index + 1}`)
      }
    })
  }

  #command(): Command {
    const command: Command = { at: this.#peekNonSpace().at, operands: [] }
    for (;;) {
      this.#peekNonSpace()
      const operand = this.#operand()
      if (operand !== null) command.operands.push(operand)
      const token = this.#read()
      if (token.type === 'space') continue
      if (token.type === 'rightDelimiter' || token.type === 'rightParenthesis') this.#next--
      else if (token.type !== 'pipe') this.#unexpected(token, 'operand')
      break
    }
    if (command.operands.length === 0) this.#fail('empty command')
    return command
  }

  // Operands

  /** Null when the next token does not begin one. */
  #operand(): Operand | null {
    const operand = this.#term()
    if (operand === null || this.#peek().type !== 'field') return operand
    const { at } = this.#peek()
    const names: string[] = []
    while (this.#peek().type === 'field') names.push(this.#read().text.slice(1))
    switch (operand.kind) {
      case 'field':
        return { ...operand, at, names: [...operand.names, ...names] }
      case 'variable':
        return { ...operand, at, names }
      case 'dot':
      case 'nil':
      case 'constant':
      case 'overflow':
        return this.#fail(`unexpected . after term ${'text' in operand ? operand.text : operand.kind}`)
      default:
        return { kind: 'chain', at, operand, names }
    }
  }

  #term(): Operand | null {
    const token = this.#peekNonSpace()
    const { at, text } = token
    if (!startsOperand(token)) return null
    this.#read()
    switch (token.type) {
      case 'identifier':
        if (!this.#functions.has(text)) {
          this.#fail(`function ${JSON.stringify(text)} not defined`, this.#functions.hint(text))
        }
        return { kind: 'function', at, name: text }
      case 'dot':
        return { kind: 'dot', at }
      case 'nil':
        return { kind: 'nil', at }
      case 'variable':
        return this.#variable(token)
      case 'field':
        return { kind: 'field', at, text, names: [text.slice(1)] }
      case 'bool':
        return { kind: 'constant', at, text, value: text === 'true' }
      case 'leftParenthesis':
        return this.#deeper(() => this.#pipeline('parenthesized pipeline', 'rightParenthesis'))
      case 'string':
      case 'rawString':
        return { kind: 'constant', at, text, value: this.#unquoted(token) }
      case 'complex':
        return this.#fail(`complex numbers are not supported: ${text}`)
      default:
        return this.#number(token)
    }
  }

  #variable(token: Token): Variable {
    if (!this.#scope.visible.some(named => named.name === token.text)) {
      this.#fail(`undefined variable ${JSON.stringify(token.text)}`)
    }
    return { kind: 'variable', at: token.at, name: token.text, slot: this.#slotOf(token.text), names: [] }
  }

  #number(token: Token): Operand {
    const { at, text } = token
    const parsed = token.type === 'character' ? parseCharacter(text) : parseNumber(text)
    if (typeof parsed === 'string') return this.#fail(parsed)
    if (parsed.overflows) return { kind: 'overflow', at, text }
    return { kind: 'constant', at, text, value: parsed.value }
  }

  #unquoted(token: Token): string {
    return unquote(token.text) ?? this.#fail(`invalid escape in ${token.text}`)
  }
}

const newScope = (): Scope => ({ visible: [{ name: '$', slot: 0 }], slots: 1, rangeDepth: 0 })

const operandTypes: ReadonlySet<Token['type']> = new Set<Token['type']>([
  'bool',
  'character',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParenthesis',
])
const startsOperand = (token: Token): boolean => operandTypes.has(token.type)

/** Only a function, a field or a variable can take the result of the command before it. */
function isExecutable(command: Command): boolean {
  const kind = command.operands[0]?.kind
  return kind !== 'constant' && kind !== 'overflow' && kind !== 'dot' && kind !== 'nil'
}

/** Nothing but white space: such a tree gives way to another of its name. */
const isEmpty = (body: Statement[]): boolean =>
  body.every(statement => statement.kind === 'text' && statement.text.trim() === '')

function describe(token: Token): string {
  if (token.type === 'eof') return 'EOF'
  if (token.type === 'keyword') return `<${token.text}>`
  return JSON.stringify(token.text.length > 10 ? `${token.text.slice(0, 10)}...` : token.text)
}
