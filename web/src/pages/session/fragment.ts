/**
 * The secret after the `#`. It is taken off the address at once so that it stays in no history, unless the page is to
 * be found again there.
 */
export function takeFragment({ stays = false } = {}): string {
  const secret = decoded(location.hash.slice(1))
  if (secret !== '' && !stays) history.replaceState(history.state, '', location.pathname + location.search)
  return secret
}

/** What is no encoding is taken as it stands: it opens nothing, which is told where it is tried. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
