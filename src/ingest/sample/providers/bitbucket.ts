import { commitOf, isoTime, type Sample, type SampleMoment } from '../sample.ts'

const repository = {
  type: 'repository',
  name: 'storefront',
  full_name: 'example/storefront',
  is_private: true,
}
const actor = { type: 'user', display_name: 'Sam Sample', nickname: 'sam-sample' }

const headers = (event: string) => (moment: SampleMoment) => ({
  'user-agent': 'Bitbucket-Webhooks/sample',
  'x-event-key': event,
  'x-request-uuid': moment.id,
  'x-attempt-number': '1',
})

export const bitbucket: Sample[] = [
  {
    kind: 'repo:push',
    headers: headers('repo:push'),
    body: moment => ({
      actor,
      repository,
      push: {
        changes: [
          {
            created: false,
            closed: false,
            forced: false,
            new: {
              type: 'branch',
              name: 'main',
              target: { hash: commitOf(moment), message: 'Show prices with tax', date: isoTime(moment) },
            },
          },
        ],
      },
    }),
  },
  {
    kind: 'pullrequest:created',
    headers: headers('pullrequest:created'),
    body: moment => ({
      actor,
      repository,
      pullrequest: {
        id: 12,
        title: 'Show prices with tax',
        state: 'OPEN',
        created_on: isoTime(moment),
        source: { branch: { name: 'prices' }, commit: { hash: commitOf(moment).slice(0, 12) } },
        destination: { branch: { name: 'main' } },
      },
    }),
  },
]
