import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { basePath } from '../api/base.ts'
import { eventSearch } from '../pages/events/search.ts'
import { EventsPage } from '../pages/events/events-page.tsx'
import { overviewSearch } from '../pages/overview/search.ts'
import { newReactionSearch } from '../pages/reactions/search.ts'
import { runSearch } from '../pages/runs/search.ts'
import { startSearch } from '../pages/start/search.ts'
import { StartPage } from '../pages/start/start-page.tsx'
import { forAdmin } from './for-admin.tsx'
import { NotFound, PageFailed, Root } from './root.tsx'
import { optionalText } from './search.ts'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: PageFailed })

const nothing = () => null

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: startSearch,
  component: StartPage,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { to?: string | undefined } => ({ to: optionalText(search['to']) }),
  component: lazyRouteComponent(() => import('../pages/session/sign-in-page.tsx'), 'SignInPage'),
})

const view = createRoute({
  getParentRoute: () => root,
  path: '/view',
  component: lazyRouteComponent(() => import('../pages/session/view-page.tsx'), 'ViewPage'),
})

const shared = createRoute({
  getParentRoute: () => root,
  path: '/shared',
  component: lazyRouteComponent(() => import('../pages/shared/shared-page.tsx'), 'SharedPage'),
})

// The list stays while the thing beside it changes, so the inner routes show nothing by themselves.
const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  validateSearch: eventSearch,
  component: EventsPage,
})
const event = createRoute({ getParentRoute: () => events, path: '$eventId', component: nothing })

const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  validateSearch: overviewSearch,
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
  ),
})

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: runSearch,
  component: forAdmin(lazyRouteComponent(() => import('../pages/runs/runs-page.tsx'), 'RunsPage')),
})
const run = createRoute({ getParentRoute: () => runs, path: '$runId', component: nothing })

const endpoints = createRoute({
  getParentRoute: () => root,
  path: '/endpoints',
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/endpoints/endpoints-page.tsx'), 'EndpointsPage'),
  ),
})
const newEndpoint = createRoute({
  getParentRoute: () => root,
  path: '/endpoints/new',
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/endpoints/new-endpoint-page.tsx'), 'NewEndpointPage'),
  ),
})
const endpoint = createRoute({
  getParentRoute: () => root,
  path: '/endpoints/$endpointId',
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/endpoints/endpoint-page.tsx'), 'EndpointPage'),
  ),
})

const reactions = createRoute({
  getParentRoute: () => root,
  path: '/reactions',
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/reactions/reactions-page.tsx'), 'ReactionsPage'),
  ),
})
const newReaction = createRoute({
  getParentRoute: () => root,
  path: '/reactions/new',
  validateSearch: newReactionSearch,
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/reactions/new-reaction-page.tsx'), 'NewReactionPage'),
  ),
})
const reaction = createRoute({
  getParentRoute: () => root,
  path: '/reactions/$reactionId',
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/reactions/reaction-page.tsx'), 'ReactionPage'),
  ),
})
const editReaction = createRoute({
  getParentRoute: () => root,
  path: '/reactions/$reactionId/edit',
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/reactions/edit-reaction-page.tsx'), 'EditReactionPage'),
  ),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: forAdmin(
    lazyRouteComponent(() => import('../pages/settings/settings-page.tsx'), 'SettingsPage'),
  ),
})

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    view,
    shared,
    overview,
    events.addChildren([event]),
    runs.addChildren([run]),
    endpoints,
    newEndpoint,
    endpoint,
    reactions,
    newReaction,
    reaction,
    editReaction,
    settings,
  ]),
  basepath: basePath,
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
