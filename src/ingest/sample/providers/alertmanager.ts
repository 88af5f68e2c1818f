import { isoTime, octets, type Sample } from '../sample.ts'

const group = (status: 'firing' | 'resolved'): Sample => ({
  kind: status,
  headers: () => ({ 'user-agent': 'Alertmanager/sample' }),
  body: moment => {
    const labels = { alertname: 'StorefrontSlow', severity: 'page', service: 'storefront' }
    const annotations = { summary: 'Half of the pages take more than a second' }
    return {
      version: '4',
      groupKey: '{}:{alertname="StorefrontSlow"}',
      truncatedAlerts: 0,
      status,
      receiver: 'signalbox',
      groupLabels: { alertname: labels.alertname },
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: 'http://alertmanager.example.com',
      alerts: [
        {
          status,
          labels,
          annotations,
          startsAt: isoTime(moment),
          endsAt: status === 'resolved' ? isoTime(moment) : '0001-01-01T00:00:00Z',
          fingerprint: octets(moment).slice(0, 16),
        },
      ],
    }
  },
})

export const alertmanager: Sample[] = [group('firing'), group('resolved')]
