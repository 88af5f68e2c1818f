// Makes a clone ready to run: dependencies, the dashboard, and a Node that is new enough. Every step is
// skipped when nothing changed since the last time, so that a later start costs a few milliseconds.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runQuietly } from './run.js'

const oldestNode = 24
const stamps = join(root, 'node_modules/.cache/signalbox')
const pinnedNode = join(root, 'node_modules/.bin/node')

/**
 * Installs, builds the dashboard, and answers the path of the Node to run Signalbox with.
 * Throws an Error whose message is meant for the person at the terminal.
 */
export async function setUp({ dashboard = true } = {}) {
  await install()
  const node = findNode()
  if (dashboard) await buildDashboard(node)
  return node
}

/** Does what `setUp` does and, if that fails, says why and ends the process. */
export function setUpOrExit(options) {
  return setUp(options).catch(error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}

async function install() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = hashOf([lock, process.platform, process.arch])
  if (isStamped('installed', wanted)) return

  const first = !existsSync(join(root, 'node_modules'))
  console.error(`Installing dependencies (${first ? 'first start only' : 'package-lock.json changed'})…`)
  // `npm ci` insists on every platform's optional packages, which not every registry has; `npm install`
  // takes the same versions from package-lock.json. NODE_ENV=production must not leave out our tools.
  const flags = ['--no-save', '--no-audit', '--no-fund', '--include=dev', '--loglevel=notice']
  const { ok, output } = await npm(['install', ...flags])
  if (!ok)
    throw new Error(`${output}\nnpm install failed (its output is above). Mend that, then start again.`)
  await removePinnedNodeIfBroken()
  stamp('installed', wanted)
}

function npm(args) {
  const script = process.env.npm_execpath // set when we were started by npm: use that same npm
  return script ? runQuietly(process.execPath, [script, ...args]) : runQuietly('npm', args)
}

/** npm puts node_modules/.bin first in PATH, so a pinned Node that cannot run here would end the next start. */
async function removePinnedNodeIfBroken() {
  if (!existsSync(pinnedNode)) return
  const runs = await runQuietly(pinnedNode, ['--version']).catch(() => ({ ok: false }))
  if (!runs.ok) rmSync(pinnedNode, { force: true })
}

function findNode() {
  if (existsSync(pinnedNode)) return pinnedNode
  const current = process.versions.node
  if (Number.parseInt(current, 10) >= oldestNode) return process.execPath
  throw new Error(
    `Signalbox needs Node ${oldestNode} or newer; this is Node ${current}, and the pinned one could not be ` +
      `installed here.\nInstall Node ${oldestNode} from https://nodejs.org, then start again.`,
  )
}

async function buildDashboard(node) {
  if (!existsSync(join(root, 'web/vite.config.ts'))) return
  const wanted = hashOf([readFileSync(join(root, 'package-lock.json')), ...contentsOf('web')])
  if (existsSync(join(root, 'web/dist/index.html')) && isStamped('dashboard', wanted)) return

  console.error('Building the dashboard…')
  const { ok, output } = await runQuietly(node, ['node_modules/vite/bin/vite.js', 'build', 'web'])
  if (!ok) throw new Error(`${output}\nThe dashboard could not be built (the build's output is above).`)
  stamp('dashboard', wanted)
}

/** Names and bytes of every file of a folder, leaving out what a build or an install made. */
function contentsOf(folder) {
  const made = new Set(['dist', 'node_modules'])
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return made.has(entry.name) ? [] : contentsOf(path)
    return [path, readFileSync(join(root, path))]
  })
}

function hashOf(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('hex')
}

function isStamped(name, hash) {
  const path = join(stamps, name)
  return existsSync(path) && readFileSync(path, 'utf8') === hash
}

function stamp(name, hash) {
  mkdirSync(stamps, { recursive: true })
  writeFileSync(join(stamps, name), hash)
}
