import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const runFile = promisify(execFile)
const cache = fileURLToPath(new URL('../../../node_modules/.cache/signalbox', import.meta.url))
const installWithinMs = 240_000

/** The folder of a Python package's programs: in an environment of its own, installed the first time it is asked for. */
export async function pythonPrograms(name: string, version: string): Promise<string> {
  const environment = join(cache, `${name}-${version}`)
  const programs = join(environment, 'bin')
  const done = join(environment, 'installed')
  if (existsSync(done)) return programs
  rmSync(environment, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const options = { timeout: installWithinMs, maxBuffer: 16 * 1024 * 1024 }
  const install = async (what: string, program: string, args: string[]) => {
    await runFile(program, args, options).catch((cause: unknown) => {
      throw new Error(`${what}; it needs python3 with venv and pip: apt-get install python3-venv`, { cause })
    })
  }
  await install('No environment for Python could be made', 'python3', ['-m', 'venv', environment])
  await install(`pip could not install ${name} ${version}`, join(programs, 'pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `${name}==${version}`,
  ])
  mkdirSync(done)
  return programs
}
