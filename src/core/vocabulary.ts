import { type Field, type KindDescription, text } from './kind-description.ts'

/**
 * The words that providers map onto, so that a reaction on `deployment.failed` need not know who deploys. Data holds
 * what the provider gives of it; what it does not give is missing.
 */

const link = (path: string, what: string): Field =>
  text(path, 'https://deploy.example.com/42', `Where people see the ${what}`)

const actor = text('actor.name', 'mona', 'Who did it, or whose change it was')
const project = [
  text('project.id', 'projects-7', 'Id of the project'),
  text('project.name', 'Core Web', 'Its name'),
]
const environment = [
  text('environment.id', 'environments-2', 'Id of the environment'),
  text('environment.name', 'Production', 'Its name'),
]
const release = [
  text('release.id', 'releases-311', 'Id of the release'),
  text('release.version', '2026.47.1', 'Its version'),
]
const machine = [
  text('machine.id', 'machines-19', 'Id of the machine'),
  text('machine.name', 'web-03', 'Its name'),
]
const packaged = [
  text('package.name', 'acme/storefront', 'Name of the package or image'),
  text('package.version', '2026.47.1', 'Its version or tag'),
  text('package.digest', 'sha256:9f3c1e', 'Its digest'),
  text('feed.name', 'registry.example.com', 'Where it lies'),
]
const deployment = [
  text('deployment.id', 'deployments-9921', 'Id of the deployment'),
  link('deployment.url', 'deployment'),
  ...project,
  ...environment,
  ...release,
  actor,
]
const pushed = [
  text('repository.name', 'acme/storefront', 'Name of the repository'),
  text('branch', 'main', 'The branch, where there is one'),
  text('commit', '3f2504e04f8941d39a0c0305e82c3301a1b2c3d4', 'Its newest commit'),
  actor,
]
const pullRequest = [
  text('repository.name', 'acme/storefront', 'Name of the repository'),
  text('pullRequest.number', '17', 'Its number'),
  text('pullRequest.title', 'Charge once packed', 'Its title'),
  link('pullRequest.url', 'pull request'),
  actor,
]
const build = [
  text('build.id', '8842', 'Id of the build'),
  link('build.url', 'build'),
  text('repository.name', 'acme/storefront', 'Name of the repository'),
  text('branch', 'main', 'The branch that was built'),
]
const alert = [
  text('alert.name', 'HighErrorRate', 'Name of the alert'),
  text('alert.severity', 'critical', 'How bad it is'),
  text('alert.summary', 'More than 5 % of the requests fail', 'What it says'),
  link('alert.url', 'alert'),
]
const incident = [
  text('incident.id', 'Q1X2', 'Id of the incident'),
  text('incident.title', 'Checkout is slow', 'Its title'),
  link('incident.url', 'incident'),
  text('service.name', 'checkout', 'The service that it is about'),
]
const certificate = [
  text('certificate.name', '*.example.com', 'Name of the certificate'),
  text('certificate.expiresAt', '2026-12-01T00:00:00Z', 'When it expires'),
]

type Row = [name: string, meaning: string]
const never = 'never'
const always = 'always: what went wrong'

/** Kinds of one subject, which have targets and data in common. `failures`: those that carry an error. */
const group = (
  subject: string,
  targets: readonly string[],
  data: readonly Field[],
  rows: readonly Row[],
  failures: readonly string[] = [],
): KindDescription[] =>
  rows.map(([name, meaning]) => ({
    type: 'external',
    name: `${subject}.${name}`,
    meaning,
    targets,
    data,
    error: failures.includes(name) ? always : never,
  }))

export const vocabulary: readonly KindDescription[] = [
  ...group(
    'deployment',
    ['project', 'environment', 'release'],
    deployment,
    [
      ['queued', 'A deployment waits for its turn.'],
      ['started', 'A deployment began.'],
      ['resumed', 'A deployment that waited for somebody goes on.'],
      ['succeeded', 'A deployment ended well.'],
      ['failed', 'A deployment failed.'],
      ['cancelled', 'A deployment was called off.'],
      ['blocked', 'A deployment that should have started by itself could not.'],
    ],
    ['failed', 'blocked'],
  ),
  ...group(
    'runbook',
    ['runbook', 'project', 'environment'],
    [text('runbook.name', 'Rotate keys', 'Name of the runbook'), ...project, ...environment, actor],
    [
      ['started', 'A runbook began.'],
      ['succeeded', 'A runbook ended well.'],
      ['failed', 'A runbook failed.'],
    ],
    ['failed'],
  ),
  ...group(
    'release',
    ['release', 'project'],
    [...release, ...project, actor],
    [
      ['created', 'A release was made.'],
      ['updated', 'A release was changed.'],
      ['deleted', 'A release was deleted.'],
    ],
  ),
  ...group(
    'machine',
    ['machine', 'environment'],
    [...machine, ...environment],
    [
      ['registered', 'A machine was added.'],
      ['removed', 'A machine was taken away.'],
      ['updated', 'What a machine is used for was changed.'],
      ['enabled', 'A machine may be deployed to again.'],
      ['disabled', 'A machine is not deployed to.'],
      ['healthy', 'A machine was found healthy.'],
      ['warned', 'A machine was found to have warnings.'],
      ['unhealthy', 'A machine was found unhealthy.'],
      ['unavailable', 'A machine cannot be reached.'],
      ['cleanup-failed', 'Cleaning up on a machine failed.'],
    ],
    ['unhealthy', 'unavailable', 'cleanup-failed'],
  ),
  ...group(
    'process',
    ['project'],
    [...project, actor],
    [['updated', 'The steps of a deployment or a pipeline were changed.']],
  ),
  ...group('variables', ['project'], [...project, actor], [['updated', 'Variables were changed.']]),
  ...group(
    'package',
    ['package', 'feed'],
    [...packaged, actor],
    [
      ['pushed', 'A package or an image was pushed.'],
      ['pulled', 'A package or an image was fetched.'],
      ['deleted', 'A package or an image was deleted.'],
      ['scanned', 'A package or an image was scanned.'],
    ],
  ),
  ...group('code', ['repository', 'branch'], pushed, [['pushed', 'Commits were pushed.']]),
  ...group('pull-request', ['repository', 'pull-request'], pullRequest, [
    ['opened', 'A pull request was opened.'],
    ['updated', 'A pull request got new commits or was changed.'],
    ['merged', 'A pull request was merged.'],
    ['closed', 'A pull request was closed without a merge.'],
  ]),
  ...group(
    'build',
    ['repository', 'branch'],
    build,
    [
      ['started', 'A build began.'],
      ['succeeded', 'A build ended well.'],
      ['failed', 'A build failed.'],
    ],
    ['failed'],
  ),
  ...group(
    'alert',
    ['alert'],
    alert,
    [
      ['firing', 'An alert began.'],
      ['resolved', 'An alert is over.'],
    ],
    ['firing'],
  ),
  ...group(
    'incident',
    ['incident', 'service'],
    incident,
    [
      ['triggered', 'An incident began.'],
      ['acknowledged', 'Somebody took an incident on.'],
      ['resolved', 'An incident is over.'],
    ],
    ['triggered'],
  ),
  ...group('intervention', ['project', 'environment'], deployment, [
    ['requested', 'A deployment waits until somebody says how to go on.'],
  ]),
  ...group(
    'certificate',
    ['certificate'],
    certificate,
    [
      ['expiring', 'A certificate expires soon.'],
      ['expired', 'A certificate has expired.'],
      ['replaced', 'A certificate was replaced.'],
    ],
    ['expired'],
  ),
]
