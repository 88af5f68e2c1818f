import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { urlOf } from '../../api/base.ts'
import { endpointsQuery } from '../../api/endpoints.ts'
import { turnPractice, type Behaviour } from '../../api/practice.ts'
import { asProblem } from '../../api/problem.ts'
import { reactionsQuery } from '../../api/reactions.ts'
import type { Endpoint, Reaction } from '../../api/types.ts'
import { viewsQuery, type View } from '../../api/views.ts'
import { searchOfView as eventSearchOf } from '../../pages/events/search.ts'
import { searchOfView as runSearchOf } from '../../pages/runs/search.ts'
import { copyText } from '../../ui/copy.ts'
import { toast } from '../../ui/toast.tsx'
import { useSession, useSignOut } from '../session.ts'
import { useStations } from '../stations.ts'
import { setTheme } from '../theme.ts'
import { byId, type Command, type CommandGroup } from './command.ts'

type Navigate = ReturnType<typeof useNavigate>

/** Everything that whoever is here may go to or do. */
export function useCommands(typed: string, showHelp: () => void): { groups: CommandGroup[]; error: unknown } {
  const { signedIn } = useSession()
  const navigate = useNavigate()
  const signOut = useSignOut()
  const stations = useStations()
  const endpoints = useQuery({ ...endpointsQuery, enabled: signedIn })
  const reactions = useQuery({ ...reactionsQuery, enabled: signedIn })
  const views = useQuery({ ...viewsQuery, enabled: signedIn })
  const pages = stations.map(({ to, label, key }) => ({
    id: to,
    label,
    note: `g ${key}`,
    words: 'page go to',
    run: () => navigate({ to }),
  }))
  const groups: CommandGroup[] = [
    { title: 'Found', items: found(typed, stations.length > 1, navigate) },
    { title: 'Pages', items: pages },
    { title: 'Actions', items: signedIn ? adminActions(navigate) : [] },
    { title: 'Views', items: (views.data?.items ?? []).map(view => ofView(view, navigate)) },
    {
      title: 'Reactions',
      items: (reactions.data?.items ?? []).flatMap(reaction => ofReaction(reaction, navigate)),
    },
    {
      title: 'Endpoints',
      items: (endpoints.data?.items ?? []).flatMap(endpoint => ofEndpoint(endpoint, navigate)),
    },
    {
      title: 'Dashboard',
      items: [
        ...dashboardActions(showHelp),
        signedIn
          ? { id: 'sign-out', label: 'Sign out', run: signOut }
          : { id: 'sign-in', label: 'Sign in', run: () => navigate({ to: '/sign-in' }) },
      ],
    },
  ]
  return { groups, error: endpoints.error ?? reactions.error ?? views.error }
}

/** What was typed may be an id; else events may hold it. */
function found(typed: string, seesEvents: boolean, navigate: Navigate): Command[] {
  const text = typed.trim()
  const id = byId(text)
  if (id?.what === 'event')
    return [
      {
        id: 'open-event',
        label: 'Open the event',
        note: id.id,
        run: () => navigate({ to: '/events/$eventId', params: { eventId: id.id } }),
      },
    ]
  if (id?.what === 'run')
    return [
      {
        id: 'open-run',
        label: 'Open the run',
        note: id.id,
        run: () => navigate({ to: '/runs/$runId', params: { runId: id.id } }),
      },
    ]
  if (text === '' || !seesEvents) return []
  return [
    {
      id: 'search-events',
      label: 'Search the events',
      note: text,
      run: () => navigate({ to: '/events', search: { text } }),
    },
  ]
}

function dashboardActions(showHelp: () => void): Command[] {
  return [
    { id: 'colours-dark', label: 'Colours: dark', words: 'theme toggle', run: () => setTheme('dark') },
    { id: 'colours-light', label: 'Colours: light', words: 'theme toggle', run: () => setTheme('light') },
    {
      id: 'colours-system',
      label: 'Colours: as the system',
      words: 'theme toggle',
      run: () => setTheme('system'),
    },
    { id: 'help', label: 'Keyboard help', note: '?', words: 'shortcuts keys', run: showHelp },
    {
      id: 'api',
      label: 'Description of the API',
      words: 'openapi docs',
      run: () => window.open(urlOf('api/docs'), '_blank', 'noopener'),
    },
  ]
}

const behaviours: [Behaviour, string][] = [
  ['ok', 'answers 200'],
  ['fail', 'answers 500'],
  ['slow', 'is slow'],
  ['down', 'is down'],
]

const adminActions = (navigate: Navigate): Command[] => [
  {
    id: 'new-endpoint',
    label: 'New endpoint',
    words: 'create add webhook',
    run: () => navigate({ to: '/endpoints/new' }),
  },
  {
    id: 'new-reaction',
    label: 'New reaction',
    words: 'create add',
    run: () => navigate({ to: '/reactions/new' }),
  },
  ...behaviours.map(([behaviour, meaning]) => ({
    id: `practice-${behaviour}`,
    label: `Practice target ${meaning}`,
    words: 'switch turn',
    run: () =>
      turnPractice(behaviour).then(
        () => toast(`From now on the practice target ${meaning}.`),
        (error: unknown) => toast(`The switch was not turned. ${asProblem(error).detail}`),
      ),
  })),
]

const ofView = (view: View, navigate: Navigate): Command => ({
  id: view.id,
  label: view.name,
  note: `view of ${view.list}`,
  run: () =>
    view.list === 'events'
      ? navigate({ to: '/events', search: eventSearchOf(view) })
      : navigate({ to: '/runs', search: runSearchOf(view) }),
})

const ofReaction = (
  { id, state, definition: { name, description } }: Reaction,
  navigate: Navigate,
): Command[] => [
  {
    id,
    label: name,
    note: state === 'active' ? 'reaction' : `reaction, ${state}`,
    words: `${id} ${description ?? ''}`,
    run: () => navigate({ to: '/reactions/$reactionId', params: { reactionId: id } }),
  },
  {
    id: `edit-${id}`,
    label: `Edit ${name}`,
    note: 'reaction',
    isDetail: true,
    run: () => navigate({ to: '/reactions/$reactionId/edit', params: { reactionId: id } }),
  },
  {
    id: `runs-${id}`,
    label: `Runs of ${name}`,
    isDetail: true,
    run: () => navigate({ to: '/runs', search: { reaction: id } }),
  },
]

const ofEndpoint = ({ id, name, path, url, description }: Endpoint, navigate: Navigate): Command[] => [
  {
    id,
    label: name,
    note: path,
    words: `${id} endpoint ${description}`,
    run: () => navigate({ to: '/endpoints/$endpointId', params: { endpointId: id } }),
  },
  {
    id: `copy-${id}`,
    label: `Copy the URL of ${name}`,
    note: 'endpoint',
    isDetail: true,
    run: async () =>
      toast(
        (await copyText(url))
          ? `The URL of ${name} is copied.`
          : `Your browser did not allow copying. The URL is ${url}`,
      ),
  },
  {
    id: `events-${id}`,
    label: `Events of ${name}`,
    isDetail: true,
    run: () => navigate({ to: '/events', search: { endpoint: id } }),
  },
]
