import { isoTime, type Sample } from '../sample.ts'

/** For senders that are none of the known ones. */
export const any: Sample[] = [
  {
    kind: 'order',
    body: moment => ({
      type: 'order.paid',
      id: moment.id,
      time: isoTime(moment),
      data: { order: 1001, total: 46.2, currency: 'EUR', customer: 'sam@example.com' },
    }),
  },
  {
    kind: 'deployment',
    body: moment => ({
      type: 'deployment.failed',
      id: moment.id,
      time: isoTime(moment),
      data: {
        app: 'storefront',
        environment: 'production',
        version: '1.4.0',
        error: 'The health check failed',
      },
    }),
  },
]
