/** The secret after the `#`, which is taken off the address at once so that it stays in no history. */
export function takeFragment(): string {
  const secret = decodeURIComponent(location.hash.slice(1))
  if (secret !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return secret
}
