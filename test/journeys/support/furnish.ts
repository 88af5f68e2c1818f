// An installation in use: what a platform team has after a week.
import { randomBytes } from 'node:crypto'
import { send } from './ask.ts'
import { onlyRunFor, runInState, runWhich, verdictsOn } from './see.ts'
import type { Endpoint, Reaction } from './shapes.ts'
import type { Signalbox } from './signalbox.ts'
import type { Target } from './target.ts'

export interface Furnished {
  github: Endpoint
  orders: Endpoint
  push: string
  order: string
  smallOrder: string
  reaction: Reaction
  /** Was retried until its target was back. */
  mendedRun: string
  failedRun: string
}

const sha = () => randomBytes(20).toString('hex')

export const pushPayload = () => ({
  ref: 'refs/heads/main',
  before: sha(),
  after: sha(),
  repository: {
    id: 186853002,
    name: 'storefront',
    full_name: 'acme/storefront',
    private: true,
    default_branch: 'main',
  },
  pusher: { name: 'mona', email: 'mona@example.com' },
  forced: false,
  commits: [
    {
      id: sha(),
      message: 'Charge the card only once the parcel is packed',
      timestamp: '2026-11-21T08:12:44+01:00',
      author: { name: 'Mona Lisa', username: 'mona' },
      added: ['src/checkout/capture.ts'],
      removed: [],
      modified: ['src/checkout/pay.ts', 'test/checkout.test.ts'],
    },
    {
      id: sha(),
      message: 'Say in the mail when the parcel arrives',
      timestamp: '2026-11-21T08:31:02+01:00',
      author: { name: 'Mona Lisa', username: 'mona' },
      added: [],
      removed: ['templates/shipped.old.html'],
      modified: ['templates/shipped.html'],
    },
  ],
})

export const orderPayload = (change: Record<string, unknown> = {}) => ({
  id: 'ord_20461',
  status: 'paid',
  total: 249.5,
  currency: 'EUR',
  customer: { name: 'Ada Byron', country: 'DE', returning: true },
  lines: [
    { sku: 'LAMP-02', title: 'Signal lamp, green', quantity: 2, price: 89.75 },
    { sku: 'LEVER-11', title: 'Lever frame, brass', quantity: 1, price: 70 },
  ],
  ...change,
})

const earlierOrders = [
  ['ord_20455', 'paid', 64],
  ['ord_20456', 'paid', 120.4],
  ['ord_20457', 'open', 31.95],
  ['ord_20458', 'refunded', 89.75],
  ['ord_20459', 'paid', 12.5],
] as const

export async function furnish(box: Signalbox, target: Target): Promise<Furnished> {
  const github = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'github',
    description: 'Pushes and pull requests of acme',
    kindName: 'github.event',
  })
  const orders = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'orders',
    description: 'The shop’s checkout',
    path: '/hooks/shops/:shop/orders',
    kindName: 'order.changed',
    authentication: [{ type: 'bearer', secrets: ['the-shops-secret'] }],
  })
  const deliverPush = async () =>
    idOf(
      await send(github.url, JSON.stringify(pushPayload()), {
        'user-agent': 'GitHub-Hookshot/044aadd',
        'x-github-event': 'push',
        'x-github-delivery': `${randomBytes(4).toString('hex')}-6f1c-11f0-8c3a-2b1d0c9a7e55`,
      }),
    )
  const deliverOrder = async (change: Record<string, unknown>) =>
    idOf(
      await send(orders.url.replace(':shop', 'berlin'), JSON.stringify(orderPayload({ ...change })), {
        authorization: 'Bearer the-shops-secret',
        'user-agent': 'shop-checkout/3.2',
      }),
    )
  // Of the time before there was a reaction.
  for (const [id, status, total] of earlierOrders) await deliverOrder({ id, status, total })

  const reaction = await box.api<Reaction>('POST', '/api/reactions', {
    name: 'tell-fulfilment',
    description: 'Large orders go to the packers at once',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    filter: { where: 'body.status == "paid" && body.total > 100' },
    action: {
      type: 'http',
      url: `${target.url}/fulfilment/{{.params.shop}}`,
      headers: [{ name: 'X-Order', value: '{{.body.id}}' }],
      bodyFrom: 'template',
      body: '{\n  "order": {{.body.id | toJson}},\n  "text": {{printf "%s bought for %.2f %s" .body.customer.name .body.total .body.currency | toJson}},\n  "parcels": [{{range $i, $line := .body.lines}}{{if $i}}, {{end}}{{$line.sku | toJson}}{{end}}]\n}',
      signingSecrets: [`whsec_${randomBytes(24).toString('base64')}`],
    },
    retry: { delaysMs: [400, 400, 400, 400, 400, 400, 400, 400] },
  })
  await box.api('POST', '/api/reactions', {
    name: 'deploy-main',
    trigger: { type: 'endpoint', endpoint: 'github' },
    filter: { where: 'headers["x-github-event"] == "push" && body.ref == "refs/heads/main"' },
    action: { type: 'http', url: `${target.url}/deploy`, bodyFrom: 'original' },
    retry: { delaysMs: [] },
  })
  await box.api('POST', '/api/reactions', {
    name: 'wake-on-call',
    trigger: { type: 'events' },
    filter: { kindNames: ['deployment.failed', 'run.failed'], outcome: 'error' },
    action: {
      type: 'http',
      url: `${target.url}/pager`,
      bodyFrom: 'template',
      body: '{"summary": {{.event.error | toJson}}}',
    },
  })

  target.answer = ({ path }) =>
    path === '/deploy' ? { status: 422, body: '{"error":"a deployment is under way"}' } : ok
  const push = await deliverPush()
  const failedRun = (await onlyRunFor(box, push)).id
  await runInState(box, failedRun, 'failed')
  await box.api('POST', '/api/events', [
    {
      kind: 'deployment.failed',
      targets: [
        { type: 'app', value: 'storefront' },
        { type: 'environment', value: 'staging' },
      ],
      owner: { type: 'pipeline', name: 'deploy' },
      error: 'The image registry.example.com/storefront:9f3c could not be pulled',
      data: { replicas: { wanted: 3, ready: 0 } },
    },
    {
      kind: 'release.cut',
      targets: [{ type: 'app', value: 'storefront' }],
      owner: { type: 'user', name: 'mona' },
      data: { version: '2026.47.1' },
    },
  ])
  const smallOrder = await deliverOrder({ id: 'ord_20460', total: 19.9 })
  await verdictsOn(box, smallOrder)

  target.answer = () => ({ status: 503, body: 'the packers are at lunch' })
  const order = await deliverOrder({})
  const { id: mendedRun } = await onlyRunFor(box, order)
  await runWhich(box, mendedRun, ({ attempts }) => attempts >= 2)
  target.answer = () => ok
  await runInState(box, mendedRun, 'succeeded')
  return { github, orders, push, order, smallOrder, reaction, mendedRun, failedRun }
}

const ok = {
  status: 200,
  body: '{"accepted":true}',
  headers: { 'content-type': 'application/json' },
}

function idOf(answer: { status: number; text: string; json(): unknown }): string {
  if (answer.status !== 202) throw new Error(`The sender was answered ${answer.status} ${answer.text}`)
  return (answer.json() as { id: string }).id
}
