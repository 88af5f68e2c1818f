/** The client alone: undici's index loads fetch, caches and mocks too, 4 MB that nobody here uses. */
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici'
  export default Client
}
