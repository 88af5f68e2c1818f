import { commitOf, isoTime, type Sample, type SampleMoment } from '../sample.ts'

const project = {
  id: 4620,
  name: 'Storefront',
  path_with_namespace: 'example/storefront',
  default_branch: 'main',
  web_url: 'https://gitlab.example.com/example/storefront',
}

const headers = (event: string) => (moment: SampleMoment) => ({
  'user-agent': 'GitLab/sample',
  'x-gitlab-event': event,
  'x-gitlab-event-uuid': moment.id,
  'idempotency-key': moment.id,
})

export const gitlab: Sample[] = [
  {
    kind: 'push',
    headers: headers('Push Hook'),
    body: moment => ({
      object_kind: 'push',
      event_name: 'push',
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: commitOf(moment),
      user_username: 'sam-sample',
      project,
      total_commits_count: 1,
      commits: [
        {
          id: commitOf(moment),
          message: 'Show prices with tax',
          timestamp: isoTime(moment),
          author: { name: 'Sam Sample', email: 'sam@example.com' },
          modified: ['src/price.ts'],
        },
      ],
    }),
  },
  {
    kind: 'merge_request',
    headers: headers('Merge Request Hook'),
    body: moment => ({
      object_kind: 'merge_request',
      user: { username: 'sam-sample', name: 'Sam Sample' },
      project,
      object_attributes: {
        iid: 12,
        action: 'open',
        state: 'opened',
        title: 'Show prices with tax',
        source_branch: 'prices',
        target_branch: 'main',
        created_at: isoTime(moment),
        last_commit: { id: commitOf(moment) },
      },
    }),
  },
]
