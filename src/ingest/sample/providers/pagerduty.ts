import { isoTime, type Sample } from '../sample.ts'

const incident = (kind: string, status: string): Sample => ({
  kind,
  headers: () => ({ 'user-agent': 'PagerDuty-Webhook/V3.0 (sample)' }),
  body: moment => ({
    event: {
      id: moment.id,
      event_type: kind,
      resource_type: 'incident',
      occurred_at: isoTime(moment),
      agent: { id: 'PSAMPLE', type: 'user_reference', summary: 'Sam Sample' },
      data: {
        id: 'Q0SAMPLE',
        type: 'incident',
        number: 12,
        status,
        title: 'The storefront answers slowly',
        urgency: 'high',
        created_at: isoTime(moment),
        service: { id: 'PSHOP', type: 'service_reference', summary: 'Storefront' },
      },
    },
  }),
})

export const pagerduty: Sample[] = [
  incident('incident.triggered', 'triggered'),
  incident('incident.resolved', 'resolved'),
]
