import { octets, type Sample, seconds } from '../sample.ts'

const event = (kind: string, object: object): Sample => ({
  kind,
  headers: () => ({ 'user-agent': 'Stripe/1.0 (sample)' }),
  body: moment => ({
    id: `evt_${octets(moment).slice(0, 24)}`,
    object: 'event',
    type: kind,
    livemode: false,
    created: seconds(moment),
    pending_webhooks: 1,
    data: { object: { created: seconds(moment), livemode: false, ...object } },
  }),
})

export const stripe: Sample[] = [
  event('invoice.paid', {
    id: 'in_sample',
    object: 'invoice',
    customer: 'cus_sample',
    amount_paid: 4620,
    currency: 'eur',
    status: 'paid',
  }),
  event('payment_intent.payment_failed', {
    id: 'pi_sample',
    object: 'payment_intent',
    amount: 4620,
    currency: 'eur',
    status: 'requires_payment_method',
    last_payment_error: { code: 'card_declined', message: 'The card was declined.' },
  }),
]
