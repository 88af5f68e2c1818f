// Names that must not appear in a folder, in code or in comments: a compatible surface translates at its own
// edge, and a verb does not know which database it runs on. An argument names another folder, for tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.js'

const rules = [
  {
    folders: ['src/core'],
    except: /^src\/core\/template\//,
    names: /tsuru|octopus|getport|\bport\.io\b/gi,
    why: 'core knows no other product; translate where it enters (src/api, src/integrations, src/core/template)',
  },
  {
    folders: ['src/ingest', 'src/react', 'src/act', 'src/live', 'src/catalog'],
    except: /\.test\.ts$/,
    names: /sqlite|postgres/gi,
    why: 'a verb knows the storage port, not the database behind it',
  },
]

const folder = process.argv[2] ?? root
const found = rules.flatMap(rule => rule.folders.flatMap(path => look(path, rule)))
for (const line of found) console.log(line)
process.exit(found.length > 0 ? 1 : 0)

function look(path, { except, names, why }) {
  if (!existsSync(join(folder, path))) return []
  const files = readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .filter(file => !except.test(file))
  return files.flatMap(file => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n')
    return lines.flatMap((text, index) =>
      [...text.matchAll(names)].map(match => `${file}:${index + 1}: names "${match[0]}": ${why}`),
    )
  })
}
