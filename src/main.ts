import { enableCompileCache } from 'node:module'

enableCompileCache()

const oldestNode = 24

/** `node src/main.ts --port 4620`; also what `signalbox serve` runs. Settings: src/config.ts. */
export async function main(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    console.error(
      `Signalbox needs Node ${oldestNode} or newer; this is ${process.versions.node}. \`npm start\` brings its own.`,
    )
    process.exit(1)
  }
  // Loaded only now: some native modules crash on an older Node instead of saying so.
  const { serve } = await import('./serve.ts')
  await serve(args, environment)
}

/** The flags of the server and what they mean, for whoever completes a line. */
export async function serverFlags(): Promise<{ flag: string; meaning: string }[]> {
  const { settings } = await import('./config.ts')
  return Object.values(settings).map(({ flag, meaning }) => ({ flag: `--${flag}`, meaning }))
}

if (import.meta.main) await main(process.argv.slice(2))
