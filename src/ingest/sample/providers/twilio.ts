import { octets, type Sample, type SampleMoment } from '../sample.ts'

const form = (kind: string, fields: (moment: SampleMoment) => Record<string, string>): Sample => ({
  kind,
  headers: moment => ({ 'user-agent': 'TwilioProxy/1.1 (sample)', 'i-twilio-idempotency-token': moment.id }),
  body: moment => new URLSearchParams({ AccountSid: `AC${'0'.repeat(32)}`, ...fields(moment) }),
})

/** Numbers that are reserved for stories: 555-01xx. */
export const twilio: Sample[] = [
  form('message', moment => ({
    MessageSid: `SM${octets(moment)}`,
    From: '+12025550142',
    To: '+12025550199',
    Body: 'Is the shop open & lit?',
    NumMedia: '0',
  })),
  form('message-status', moment => ({
    MessageSid: `SM${octets(moment)}`,
    MessageStatus: 'delivered',
    From: '+12025550199',
    To: '+12025550142',
  })),
]
