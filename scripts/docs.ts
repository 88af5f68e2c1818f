// `node scripts/docs.ts` prints the reference pages from the tables in the code; `--check` says which of them are out
// of date and changes nothing.
import { readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorTable } from '../src/api/errors.ts'
import { type Outcome, outcomeOf, people, type Person, ruleOf } from '../src/api/permission-matrix.ts'
import { createRoutes } from '../src/api/routes.ts'
import type { Services } from '../src/api/services.ts'
import { settings } from '../src/config.ts'
import type { KindDescription } from '../src/core/kind-description.ts'
import { permissions, roles } from '../src/core/permission.ts'
import { kinds, spellings } from '../src/core/kinds.ts'
import { providerSteps } from '../src/core/provider-steps.ts'
import { vocabulary } from '../src/core/vocabulary.ts'
import { refusals } from '../src/ingest/receive.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const notice = '<!-- Printed from the code by `node scripts/docs.ts`; edit it there. -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.map(cell).join(' | ')} |`).join('\n')
const page = (...parts: readonly string[]): string => `${[notice, ...parts].join('\n\n')}\n`

function configPage(): string {
  const rows = Object.values(settings).map(setting => [
    `\`--${setting.flag}\``,
    `\`${setting.variable}\``,
    defaultText(setting.default),
    setting.secret ? `${setting.meaning}. Never printed` : setting.meaning,
  ])
  return page(
    '# Settings',
    'Each is given as a flag of `signalbox serve` or as a variable of the environment; a flag beats the variable. ' +
      'A flag that takes yes or no may stand alone for yes; several values are separated by commas.',
    table(['flag', 'variable', 'default', 'meaning'], rows),
  )
}

function defaultText(value: string | number | boolean | readonly string[] | null): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'unset'
  return `\`${String(value)}\``
}

function errorsPage(): string {
  const sections = Object.entries(errorTable).map(([code, { status, title, remedy }]) =>
    [`<a id="${code}"></a>`, `### \`${code}\``, `${status}: ${title}.`, remedy].join('\n\n'),
  )
  return page(
    '# Errors',
    'The native API answers an error as `application/problem+json` (RFC 9457). `code` is stable: programs may rely ' +
      'on it. `detail` says what happened to this request. `errors`, where there is one, names each mistake by a JSON ' +
      'pointer into the request and a sentence, with line and column inside an expression or a template.',
    table(
      ['code', 'status', 'meaning'],
      Object.entries(errorTable).map(([code, { status, title }]) => [
        `[\`${code}\`](#${code})`,
        String(status),
        title,
      ]),
    ),
    '## What to do',
    ...sections,
    '## To senders',
    'An endpoint answers a sender in the same form, with codes of its own. They say whose move it is, and nothing ' +
      'that helps a forger; the owner of the endpoint sees the reason.',
    table(
      ['code', 'meaning'],
      Object.entries(refusals).map(([status, meaning]) => [
        `<a id="ingest.${status}"></a>\`ingest.${status}\``,
        meaning,
      ]),
    ),
  )
}

const anchor = (name: string): string => name.replaceAll('.', '-')

function kindSection({ name, meaning, targets, data, error }: KindDescription): string {
  const facts = `Targets: ${targets.map(target => `\`${target}\``).join(', ')}. Error: ${error}.`
  const rows = data.map(field => {
    const { template, where } = spellings(field.path)
    return [
      `\`${field.path}\``,
      field.type,
      `\`${field.example}\``,
      `\`${template}\``,
      `\`${where}\``,
      field.meaning,
    ]
  })
  const values =
    data.length === 0
      ? 'Its data is whatever was sent.'
      : table(['value', 'type', 'example', 'in a template', 'in a `where`', 'meaning'], rows)
  return [`<a id="${anchor(name)}"></a>`, `### \`${name}\``, meaning, facts, values].join('\n\n')
}

/** Kinds of the vocabulary that have targets and data in common stand in one section. */
function vocabularySections(): string[] {
  const groups = Map.groupBy(vocabulary, ({ name }) => name.slice(0, name.indexOf('.')))
  return [...groups].map(([subject, members]) => {
    const [first] = members as [KindDescription, ...KindDescription[]]
    const names = members.map(({ name, meaning, error }) => [`\`${name}\``, meaning, error])
    const values =
      kindSection({ ...first, name: subject })
        .split('\n\n')
        .at(-1) ?? ''
    const targets = `Targets: ${first.targets.map(target => `\`${target}\``).join(', ')}.`
    return [`### \`${subject}\``, table(['kind', 'meaning', 'error'], names), targets, values].join('\n\n')
  })
}

function eventsPage(): string {
  const byName = kinds.filter(kind => !vocabulary.includes(kind))
  return page(
    '# Kinds of events',
    'A reaction that lists a dotted name also takes what lies below it: `run` takes `run.failed`. The first target is ' +
      'the primary one. Names are an open set: those for the events of your own platform are yours to choose, and no ' +
      'filter is checked against this list. `signalbox event kinds` and `GET /api/kinds` tell the same, and which ' +
      'kinds were really seen.',
    'Every event besides has `{{.event.kind}}`, `{{.event.error}}`, `{{.event.target.type}}`, ' +
      '`{{.event.target.value}}` and what else stands in [templates](templates.md) and [reactions](reactions.md).',
    table(
      ['kind', 'type', 'meaning'],
      byName.map(({ name, type, meaning }) => [`[\`${name}\`](#${anchor(name)})`, type, meaning]),
    ),
    '## What endpoints receive',
    ...byName.filter(({ type }) => type !== 'signalbox').map(kindSection),
    '## What Signalbox tells of itself',
    'These are written in the same transaction as the change that they tell of.',
    ...byName.filter(({ type }) => type === 'signalbox').map(kindSection),
    '## The vocabulary',
    'Words for what platforms do, so that a reaction on `deployment.failed` need not know who deploys. Set an ' +
      "endpoint's `kindName` to one of them, or send it to the events API; providers map what they send onto them. " +
      'Events of an endpoint are of the type `external`, those of the events API of the type `platform`. Data holds ' +
      'what the sender gives of these values; what it does not give is missing.',
    ...vocabularySections(),
  )
}

/** Routes are only looked at: nothing of the services is used while they are made. */
const services = {
  config: {},
  configuration: { endpoints: new Map(), reactions: new Map(), onChange() {} },
} as unknown as Services

function permissionsPage(): string {
  const names = Object.keys(people) as Person[]
  const shown = (outcome: Outcome) => (typeof outcome === 'number' ? String(outcome) : `**${outcome}**`)
  const tables = [...Map.groupBy(createRoutes(services), ({ tag }) => tag)].flatMap(([tag, rows]) => [
    `### ${tag}`,
    table(
      ['route', 'rule', ...names],
      rows.map(row => [
        `\`${row.method} ${row.url}\``,
        ruleOf(row),
        ...names.map(name => shown(outcomeOf(row, name))),
      ]),
    ),
  ])
  return page(
    '# Who may do what',
    'Whatever is made belongs to a **team**, or to the organization as a whole. A **user** has roles, or single ' +
      'permissions, in teams or in the whole organization; what is held there is held in every team. What somebody’s ' +
      'teams may not see is as if it did not exist: it is in no list, search, number or feed, and its id is not found. ' +
      'What no team owns is seen by those alone who hold the permission in the whole organization.',
    'A **permission** is dotted, and one stands for all that lies below it: `reaction` for `reaction.update`, `*` for ' +
      'everything. An **API key** may do what its scope names and its owner may. Nobody gives more than they have.',
    'An event has the team of its endpoint, of its key, or the one that it was sent with; a run has that of its ' +
      'reaction. A team’s reaction fires on events of that team; one of the organization, on all of them.',
    '## Roles',
    table(
      ['role', 'meaning', 'permissions'],
      Object.entries(roles).map(([name, { meaning, permissions: held }]) => [
        `\`${name}\``,
        meaning,
        held.map(one => `\`${one}\``).join(' '),
      ]),
    ),
    '## Permissions',
    permissions.map(name => `\`${name}\``).join(' '),
    '## Routes',
    'Who is let in, to something that the team *alpha* owns: its viewer, editor and admin, and the admin of another ' +
      'team. **yes** is in; **own** is in, for their own alone; 401 is not signed in, 403 not allowed, 404 not seen. A ' +
      'test asks each route as each of them, and compares.',
    ...tables,
  )
}

/** The part of a written page that is printed: between two notes of that name. */
async function withPart(path: string, name: string, part: string): Promise<string> {
  const [begin, end] = [
    `<!-- ${name}: printed from the code by \`node scripts/docs.ts\` -->`,
    `<!-- /${name} -->`,
  ]
  const text = await readFile(`${root}${path}`, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${path} has no part between ${begin} and ${end}`)
  return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`
}

const providers = table(
  ['at', 'where', 'the URL', 'the secret', 'also'],
  Object.values(providerSteps).map(({ title, page, url, secret, also }) => [title, page, url, secret, also]),
)

const pages = new Map([
  ['docs/endpoints.md', await withPart('docs/endpoints.md', 'providers', providers)],
  ['docs/config.md', configPage()],
  ['docs/errors.md', errorsPage()],
  ['docs/events.md', eventsPage()],
  ['docs/permissions.md', permissionsPage()],
])

const check = process.argv.includes('--check')
let outdated = 0
for (const [path, text] of pages) {
  const file = `${root}${path}`
  const former = await readFile(file, 'utf8').catch(() => null)
  if (former === text) continue
  if (!check) await writeFile(file, text)
  outdated += 1
  console.log(`${relative(root, file)} ${check ? 'is out of date: run node scripts/docs.ts' : 'written'}`)
}
if (check && outdated > 0) process.exit(1)
