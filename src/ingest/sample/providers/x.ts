import type { Sample } from '../sample.ts'

export const x: Sample[] = [
  {
    kind: 'tweet_create',
    body: ({ atMs }) => ({
      for_user_id: '4620',
      tweet_create_events: [
        {
          id_str: String(atMs),
          text: '@storefront do you ship lamps?',
          timestamp_ms: String(atMs),
          user: { id_str: '77', screen_name: 'sam_sample' },
        },
      ],
    }),
  },
  {
    kind: 'follow',
    body: ({ atMs }) => ({
      for_user_id: '4620',
      follow_events: [
        {
          type: 'follow',
          created_timestamp: String(atMs),
          source: { id: '77', screen_name: 'sam_sample' },
          target: { id: '4620', screen_name: 'storefront' },
        },
      ],
    }),
  },
]
