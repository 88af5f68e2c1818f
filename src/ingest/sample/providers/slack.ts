import { octets, type Sample, seconds } from '../sample.ts'

const told = (kind: string, event: object): Sample => ({
  kind,
  headers: () => ({ 'user-agent': 'Slackbot 1.0 (sample)' }),
  body: moment => ({
    type: 'event_callback',
    team_id: 'T0SAMPLE',
    api_app_id: 'A0SAMPLE',
    event_id: `Ev${octets(moment).slice(0, 12).toUpperCase()}`,
    event_time: seconds(moment),
    event: {
      type: kind,
      user: 'U0SAMPLE',
      channel: 'C0SAMPLE',
      ...event,
      ts: `${seconds(moment)}.000100`,
      event_ts: `${seconds(moment)}.000100`,
    },
  }),
})

export const slack: Sample[] = [
  told('app_mention', { text: '<@U0BOT> is the shop up?' }),
  told('message', { channel_type: 'channel', text: 'The shop is slow again' }),
  {
    kind: 'url_verification',
    body: ({ id }) => ({ type: 'url_verification', challenge: `sample-${id}` }),
  },
]
