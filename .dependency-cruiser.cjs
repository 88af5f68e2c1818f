// Which folder may import which (ARCHITECTURE.md, "Layout"):
// core ← storage, bus, integrations ← ingest, react, act, live, catalog ← api ← app ← main.
// Run by scripts/check/imports.js, which needs the tsPreCompilationDeps below to see type-only imports too.

const tests = '[.]test[.]ts$'
const above = '^src/(api/|cli/|app|main|config)'
const verbs = '^src/(ingest|react|act|live|catalog)/'
const adapters = '^src/(storage/(sqlite|postgres)|bus/(embedded|nats))/'
const npm = names => `node_modules/(@types/)?(${names.join('|')})/`

// Libraries without I/O or clock, the only ones that core may use.
const pureLibraries = [
  'typebox',
  'ajv',
  'ajv-formats',
  '@marcbachmann/cel-js',
  'jsonc-parser',
  're2js',
  'ipaddr[.]js',
  'lru-cache',
  'saxes',
  '@remix-run/multipart-parser',
  'yaml',
]
const databaseDrivers = ['better-sqlite3', 'pg', 'kysely']

/** Nobody whose path matches `from` may import what matches `to`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    forbid('no-cycles', 'Imports form no cycle, type-only imports included.', {}, { circular: true }),
    forbid('resolvable', 'An import must lead somewhere.', {}, { couldNotResolve: true }),
    forbid(
      'declared',
      'A library that is imported stands in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'product-without-test-code',
      'What is shipped imports no tests and no development tools.',
      { path: '^src/', pathNot: tests },
      { path: `^(test|bench|scripts)/|${tests}` },
    ),
    forbid(
      'core-imports-only-core',
      'core imports nothing outside core; its tests may use test/.',
      { path: '^src/core/' },
      { path: '^(src|bench|scripts|web)/', pathNot: '^src/core/' },
    ),
    forbid(
      'core-without-io',
      'core has no I/O and no clock: of Node itself it may use hashing and text, nothing else.',
      { path: '^src/core/', pathNot: tests },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto|util)$' },
    ),
    forbid(
      'core-with-pure-libraries',
      'core uses only libraries that do no I/O; add a pure one to the list in .dependency-cruiser.cjs.',
      { path: '^src/core/', pathNot: tests },
      { path: 'node_modules/', pathNot: npm(pureLibraries) },
    ),
    forbid(
      'ports-import-only-core',
      'storage, bus and integrations know core and themselves.',
      { path: '^src/(storage|bus|integrations)/', pathNot: tests },
      { path: '^src/', pathNot: '^src/(core|$1)/|^src/memory[.]ts$' },
    ),
    forbid(
      'verbs-import-nothing-above',
      'A verb is handed what it needs; it imports neither the API nor the settings.',
      { path: verbs, pathNot: tests },
      { path: above },
    ),
    forbid(
      'verbs-are-siblings',
      'ingest, react, act and live do not import each other; they meet in storage.',
      { path: verbs, pathNot: tests },
      { path: '^src/(ingest|react|act|live)/', pathNot: '^src/$1/' },
    ),
    forbid(
      'catalog-is-for-act',
      'Of the verbs only act, which changes entities, imports the catalog.',
      { path: '^src/(ingest|react|live)/', pathNot: tests },
      { path: '^src/catalog/' },
    ),
    forbid(
      'only-app-chooses-adapters',
      'SQLite, Postgres, the embedded bus and NATS are chosen in src/app.ts and named nowhere else.',
      { path: '^src/', pathNot: ['^src/app', '^src/(storage|bus)/', tests] },
      { path: adapters },
    ),
    forbid(
      'drivers-stay-in-storage',
      'Only src/storage speaks SQL.',
      { path: '^src/', pathNot: ['^src/storage/', tests] },
      { path: npm(databaseDrivers) },
    ),
    forbid(
      'nats-stays-in-its-adapter',
      'Only the bus and the NATS action speak NATS.',
      { path: '^src/', pathNot: ['^src/bus/nats/', '^src/act/nats', tests] },
      { path: 'node_modules/@nats-io/' },
    ),
    forbid(
      'api-imports-nothing-above',
      'The API is mounted by app.',
      { path: '^src/api/', pathNot: tests },
      { path: '^src/(cli/|app|main)' },
    ),
    forbid(
      'app-imports-nothing-above',
      'app is built by main.',
      { path: '^src/app', pathNot: tests },
      { path: '^src/(cli/|main)' },
    ),
    forbid(
      'config-imports-only-core',
      'Settings are plain values.',
      { path: '^src/config', pathNot: tests },
      { path: '^src/', pathNot: '^src/(core/|config)' },
    ),
    forbid(
      'cli-speaks-http',
      'The command line is a client like any other; only `serve` starts the server.',
      { path: '^src/cli/', pathNot: tests },
      { path: '^src/', pathNot: '^src/(core|cli)/|^src/main[.]ts$' },
    ),
    forbid(
      'only-serve-starts-the-server',
      'Nobody imports main but the command that starts it.',
      { path: '^src/', pathNot: ['^src/cli/serve', tests] },
      { path: '^src/main[.]ts$' },
    ),
    forbid(
      'dashboard-imports-only-types',
      'The dashboard speaks HTTP; from src/ it takes types, so its build depends on web/ alone; its tests may ask what the server reads.',
      { path: '^web/', pathNot: tests },
      { path: '^src/', dependencyTypesNot: ['type-only', 'type-import'] },
    ),
    forbid(
      'journeys-know-only-urls',
      'A journey imports nothing from src/, not even by way of another file.',
      { path: '^test/journeys/' },
      { path: '^src/', reachable: true },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
    },
  },
}
