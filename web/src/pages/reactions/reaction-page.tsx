export function ReactionPage() {
  return null
}
