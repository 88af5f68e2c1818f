import { commitOf, isoTime, type Sample, type SampleMoment } from '../sample.ts'

const repository = {
  id: 4620,
  name: 'storefront',
  full_name: 'example/storefront',
  private: true,
  default_branch: 'main',
  html_url: 'https://github.com/example/storefront',
  owner: { login: 'example', type: 'Organization' },
}
const sender = { login: 'sam-sample', id: 77, type: 'User' }

const headers = (event: string) => (moment: SampleMoment) => ({
  'user-agent': 'GitHub-Hookshot/sample',
  'x-github-event': event,
  'x-github-delivery': moment.id,
  'x-github-hook-id': '4620',
})

export const github: Sample[] = [
  {
    kind: 'push',
    headers: headers('push'),
    body: moment => ({
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: commitOf(moment),
      forced: false,
      repository,
      pusher: { name: 'sam-sample', email: 'sam@example.com' },
      sender,
      commits: [
        {
          id: commitOf(moment),
          message: 'Show prices with tax',
          timestamp: isoTime(moment),
          author: { name: 'Sam Sample', email: 'sam@example.com', username: 'sam-sample' },
          added: [],
          removed: [],
          modified: ['src/price.ts'],
        },
      ],
    }),
  },
  {
    kind: 'pull_request',
    headers: headers('pull_request'),
    body: moment => ({
      action: 'opened',
      number: 12,
      pull_request: {
        number: 12,
        state: 'open',
        title: 'Show prices with tax',
        html_url: 'https://github.com/example/storefront/pull/12',
        draft: false,
        merged: false,
        created_at: isoTime(moment),
        user: sender,
        head: { ref: 'prices', sha: commitOf(moment) },
        base: { ref: 'main', sha: '0'.repeat(40) },
      },
      repository,
      sender,
    }),
  },
  {
    kind: 'ping',
    headers: headers('ping'),
    body: () => ({
      zen: 'A sample says what it is.',
      hook_id: 4620,
      hook: { type: 'Repository', active: true, events: ['push'] },
      repository,
      sender,
    }),
  },
]
