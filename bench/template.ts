import { spawnSync } from 'node:child_process'
import type { TemplateLanguage } from '../src/core/template/language.ts'
import { compileTemplate } from '../src/core/template/template.ts'
import { tsuruContext } from '../src/core/template/tsuru/context.ts'
import { compileWhere } from '../src/core/where.ts'
import { hasGo, startOracle } from '../test/oracle/support/go.ts'
import { atLeast, atMost, ms, perSecond, ratio, type Row, told } from './support/measure.ts'

/** Five fields, as tsuru's documentation has three of them. */
const fiveFields =
  '{"text": "[{{.event.kind}}]: {{.event.target.type}} {{.event.target.value}} by {{.body.user}} ({{.body.id}})"}'
/** Of everything something. */
const busy =
  '{{range $i, $c := .body.commits}}{{if $i}}, {{end}}{{$c.id | printf "%.7s"}} {{html $c.message}}{{end}} {{len .body.commits}}{{with .event.error}} {{.}}{{end}}'
const threeTerms = "event.kind == 'app.deploy' && body.user != 'bot' && size(body.commits) > 1"

const context = {
  event: { kind: 'app.deploy', target: { type: 'app', value: 'shop' }, error: null },
  body: {
    user: 'me@example.com',
    id: 'd_41',
    commits: [
      { id: '5d8f0c1e2a3b4c5d', message: 'Fix <b>' },
      { id: '6e7f8091a2b3c4d5', message: 'Do "it"' },
    ],
  },
}

const tsuruEvent = {
  UniqueID: '5d8f0c1e2a3b4c5d6e7f8091',
  StartTime: '2026-09-10T12:34:56.789Z',
  Target: { Type: 'app', Value: 'shop' },
  Kind: { Type: 'permission', Name: 'app.deploy' },
  Owner: { Type: 'user', Name: 'me@example.com' },
}

interface Case {
  name: string
  source: string
  language: TemplateLanguage
  given: unknown
  promise?: number
  /** The same data as the oracle reads it; null where Go has no such language. */
  forGo: unknown
}

const cases: Case[] = [
  {
    name: 'Go, five fields',
    source: fiveFields,
    language: 'go',
    given: context,
    promise: 300_000,
    forGo: context,
  },
  { name: 'Go, range, with, printf, html', source: busy, language: 'go', given: context, forGo: context },
  {
    name: 'tsuru’s documented body',
    source: 'payload={"text": "[{{.Kind.Name}}]: {{.Target.Type}} {{.Target.Value}}"}',
    language: 'tsuru',
    given: tsuruContext(tsuruEvent),
    promise: 300_000,
    forGo: { $tsuru: tsuruEvent },
  },
  {
    name: 'Octostache, fields, if, each, filters',
    source:
      '[#{event.kind | ToUpper}]: #{event.target.value} by #{body.user}#{if event.error} failed#{else} done#{/if}#{each c in body.commits} #{c.id}: #{c.message | HtmlEscape}#{/each}',
    language: 'octostache',
    given: context,
    promise: 100_000,
    forGo: null,
  },
]

/** How often a second templates and filters are done, and what it takes to compile one. Real Go does the same beside it. */
export async function template({ rounds }: { rounds: number }): Promise<Row[]> {
  const oracle = hasGo() ? startOracle() : null
  const rows = cases.flatMap(({ name, source, language, given, promise, forGo }) => {
    const compiled = compileTemplate(language, 'bench', source)
    const ours: number[] = []
    const compared: number[] = []
    for (let round = 0; round < rounds; round++) {
      const rate = perSecondOf(() => compiled.render(given))
      ours.push(rate)
      if (oracle !== null && forGo !== null) compared.push(rate / oracle.rendersPerSecond(source, forGo))
    }
    const measured =
      promise === undefined
        ? told('template', name, ours, perSecond)
        : atLeast('template', name, ours, promise, perSecond)
    return compared.length === 0
      ? [measured]
      : [measured, atLeast('template', `${name}: of real Go`, compared, 0.5, ratio)]
  })
  oracle?.close()
  return [...rows, whereRow(rounds), ...compileRows(rounds)]
}

function whereRow(rounds: number): Row {
  const compiled = compileWhere(threeTerms)
  if (!compiled.ok) throw new Error(compiled.message)
  if (!compiled.evaluate(context).matches) throw new Error('the expression does not match')
  const values = Array.from({ length: rounds }, () => perSecondOf(() => compiled.evaluate(context)))
  return atLeast('template', 'CEL, three terms', values, 1_000_000, perSecond)
}

/** Sources that nobody has compiled before; and the very first, in a process of its own. */
function compileRows(rounds: number): Row[] {
  const fresh = Array.from({ length: rounds }, (_, round) => {
    const startedAt = performance.now()
    for (let at = 0; at < 100; at++) compileTemplate('go', 'bench', `${busy} ${round} ${at}`)
    return (performance.now() - startedAt) / 100
  })
  const first = Array.from({ length: rounds }, () => {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', firstCompile], {
      encoding: 'utf8',
    })
    return Number(stdout)
  })
  return [
    atMost('template', 'compile one that is new', fresh, 1, ms),
    told('template', 'compile the first of a process', first, ms),
  ]
}

const firstCompile = `
import { compileTemplate } from ${JSON.stringify(import.meta.resolve('../src/core/template/template.ts'))}
const startedAt = performance.now()
compileTemplate('go', 'bench', ${JSON.stringify(busy)})
console.log(performance.now() - startedAt)
`

function perSecondOf(work: () => unknown): number {
  for (let at = 0; at < 20_000; at++) work()
  const startedAt = performance.now()
  let count = 0
  while (performance.now() - startedAt < 500) {
    for (let at = 0; at < 1000; at++) work()
    count += 1000
  }
  return (count * 1000) / (performance.now() - startedAt)
}
