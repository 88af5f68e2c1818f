import './style.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/problem.ts'
import { sessionQuery } from './api/session.ts'
import { router } from './app/router.tsx'

const queries = new QueryClient({
  queryCache: new QueryCache({
    // The session may have ended: ask who this is, so that the page can offer to sign in.
    onError: error => {
      if (error instanceof Problem && error.status === 401) void queries.invalidateQueries(sessionQuery)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // A refusal stays a refusal; only a server that did not answer is asked again.
      retry: (failures, error) => failures < 2 && error instanceof Problem && error.status === 0,
    },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')

createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
