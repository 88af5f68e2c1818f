/**
 * The secret after the `#`. It is taken off the address at once so that it stays in no history, unless the page is to
 * be found again there.
 */
export function takeFragment({ stays = false } = {}): string {
  const secret = decodeURIComponent(location.hash.slice(1))
  if (secret !== '' && !stays) history.replaceState(history.state, '', location.pathname + location.search)
  return secret
}
