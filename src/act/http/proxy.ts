import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import { socksConnector } from 'fetch-socks'
import { CallError, causeOf, failure } from './failure.ts'
import type { Destination, Proxy } from './destination.ts'

/** Asks the proxy at the other end of `socket` for a tunnel to the destination; the socket is the tunnel then. */
export async function tunnel(socket: Socket, proxy: Proxy, destination: Destination): Promise<Socket> {
  try {
    return await (proxy.kind === 'socks5' ? socksTunnel : connectTunnel)(socket, proxy, destination)
  } catch (error) {
    if (error instanceof CallError) throw error
    throw proxyError(proxy, `did not open a connection to ${destination.hostname}: ${causeOf(error)}`)
  }
}

/** RFC 9110, 9.3.6. node:http does the parsing: its limits on headers hold. */
function connectTunnel(socket: Socket, proxy: Proxy, destination: Destination): Promise<Socket> {
  const { hostname, port } = destination
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`
  const headers = proxy.authorization === null ? {} : { 'Proxy-Authorization': proxy.authorization }
  return new Promise((resolve, reject) => {
    const connect = httpRequest({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority, ...headers },
    })
    connect.once('error', reject)
    connect.once('connect', ({ statusCode = 0, statusMessage = '' }, _socket, head: Buffer) => {
      if (statusCode === 407)
        reject(proxyError(proxy, 'wants other credentials (407). Check user and password of the proxy', true))
      else if (statusCode < 200 || statusCode > 299) {
        reject(proxyError(proxy, `refused to connect to ${authority}: ${statusCode} ${statusMessage}`))
      } else {
        if (head.length > 0) socket.unshift(head)
        resolve(socket)
      }
    })
    connect.end()
  })
}

/** The name goes to the proxy as it is, to be resolved there. */
function socksTunnel(socket: Socket, proxy: Proxy, { hostname, port }: Destination): Promise<Socket> {
  const credentials = proxy.username === '' ? {} : { userId: proxy.username, password: proxy.password }
  // Besides the call's own deadline, which destroys the socket. The library's timer outlives success: not too long.
  const connect = socksConnector(
    { type: 5, host: proxy.hostname, port: proxy.port, ...credentials },
    { timeout: 30_000 },
  )
  return new Promise((resolve, reject) => {
    connect({ protocol: 'http:', hostname, port: String(port), httpSocket: socket }, (error, tunnelled) => {
      if (error) reject(error)
      else if (tunnelled) resolve(tunnelled)
    })
  })
}

export function proxyError(proxy: Proxy, what: string, permanent = false): CallError {
  return new CallError({ ...failure('target.proxy', `The proxy ${proxy.name} ${what}.`), permanent })
}
