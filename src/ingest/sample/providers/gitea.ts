import { commitOf, isoTime, type Sample, type SampleMoment } from '../sample.ts'

const repository = { id: 4620, name: 'storefront', full_name: 'example/storefront', default_branch: 'main' }
const sender = { id: 77, login: 'sam-sample', email: 'sam@example.com' }

const headers = (event: string) => (moment: SampleMoment) => ({
  'x-gitea-event': event,
  'x-gitea-event-type': event,
  'x-gitea-delivery': moment.id,
})

export const gitea: Sample[] = [
  {
    kind: 'push',
    headers: headers('push'),
    body: moment => ({
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: commitOf(moment),
      total_commits: 1,
      commits: [{ id: commitOf(moment), message: 'Show prices with tax', timestamp: isoTime(moment) }],
      repository,
      pusher: sender,
      sender,
    }),
  },
  {
    kind: 'release',
    headers: headers('release'),
    body: moment => ({
      action: 'published',
      release: { id: 3, tag_name: 'v1.4.0', name: 'Prices', draft: false, published_at: isoTime(moment) },
      repository,
      sender,
    }),
  },
]
