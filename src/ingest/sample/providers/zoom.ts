import { isoTime, type Sample } from '../sample.ts'

const meeting = (kind: string, more: (time: string) => object): Sample => ({
  kind,
  body: moment => ({
    event: kind,
    event_ts: moment.atMs,
    payload: {
      account_id: 'sample-account',
      object: {
        id: '4620462046',
        uuid: moment.id,
        host_id: 'sample-host',
        topic: 'Opening of the shop',
        type: 2,
        ...more(isoTime(moment)),
      },
    },
  }),
})

export const zoom: Sample[] = [
  meeting('meeting.started', start_time => ({ start_time })),
  meeting('meeting.ended', end_time => ({ end_time })),
  {
    kind: 'endpoint.url_validation',
    body: ({ id, atMs }) => ({
      event: 'endpoint.url_validation',
      event_ts: atMs,
      payload: { plainToken: `sample-${id}` },
    }),
  },
]
