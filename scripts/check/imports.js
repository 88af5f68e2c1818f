// Holds the imports against .dependency-cruiser.cjs. An argument names another folder to look at, for tests.
//
// dependency-cruiser reads TypeScript through the compiler's JavaScript API, which TypeScript 7 no longer
// has. Without it, it sees next to nothing and is content: so it is given TypeScript 6, and a missing parser
// is a failure here.
import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { root } from '../run.js'

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=$|\/)/, 'typescript6'), context),
})
const { cruise } = await import('dependency-cruiser')

const folder = process.argv[2] ?? root
process.chdir(folder)
const rules = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'))
const folders = ['src', 'test', 'bench', 'web/src'].filter(name => existsSync(join(folder, name)))
const { output } = await cruise(folders, { ...rules.options, ruleSet: rules, validate: true })
const { violations, environment, totalCruised } = output.summary

for (const { name, description } of environment?.issues ?? []) console.log(`${name}: ${description}`)
for (const { rule, from, to, cycle, via } of violations) {
  const { comment } = rules.forbidden.find(({ name }) => name === rule.name)
  const path = (cycle ?? via ?? [{ name: to }]).map(step => step.name)
  console.log(`${rule.name}: ${[from, ...path].join(' → ')}\n    ${comment}`)
}
if (totalCruised === 0) console.log(`No source file found in ${folder}.`)
const failed = violations.length > 0 || environment?.issues?.length > 0 || totalCruised === 0
process.exit(failed ? 1 : 0)
