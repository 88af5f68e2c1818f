import { isoTime, type Sample } from '../sample.ts'

const topic = (kind: string, body: Sample['body']): Sample => ({
  kind,
  headers: moment => ({
    'x-shopify-topic': kind,
    'x-shopify-shop-domain': 'sample-shop.myshopify.com',
    'x-shopify-webhook-id': moment.id,
    'x-shopify-event-id': moment.id,
    'x-shopify-triggered-at': isoTime(moment),
  }),
  body,
})

const customer = { id: 77, email: 'sam@example.com', first_name: 'Sam', last_name: 'Sample' }

export const shopify: Sample[] = [
  topic('orders/create', moment => ({
    id: 4620,
    name: '#1001',
    created_at: isoTime(moment),
    currency: 'EUR',
    total_price: '46.20',
    financial_status: 'pending',
    test: true,
    customer,
    line_items: [{ id: 1, title: 'Signal lamp', sku: 'LAMP-1', quantity: 2, price: '23.10' }],
  })),
  topic('customers/create', moment => ({ ...customer, created_at: isoTime(moment), state: 'enabled' })),
]
