export function ReactionsPage() {
  return null
}
