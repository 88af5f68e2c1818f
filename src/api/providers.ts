import Type from 'typebox'
import { schemeTypes } from '../core/authentication.ts'
import { stepsOf } from '../core/provider-steps.ts'
import { type Route, route } from './route.ts'

const Steps = Type.Object({
  type: Type.Enum([...schemeTypes], { description: 'The scheme that proves it' }),
  title: Type.String(),
  page: Type.String({ description: 'Where webhooks are made on its pages' }),
  url: Type.String({ description: 'What the URL is entered as' }),
  secret: Type.String({ description: 'Where the secret is entered, or is found' }),
  also: Type.String({ description: 'What else it wants to be told, or does' }),
})

export const providerRoutes = (): Route[] => [
  route({
    method: 'GET',
    url: '/api/providers',
    access: { permission: 'endpoint.read', visitors: true },
    tag: 'Endpoints',
    summary: 'What is done on the pages of each provider',
    status: 200,
    answer: Type.Object({ items: Type.Array(Steps) }),
    handler: async () => ({
      items: schemeTypes.flatMap(type => {
        const steps = stepsOf(type)
        return steps ? [{ type, ...steps }] : []
      }),
    }),
  }),
]
