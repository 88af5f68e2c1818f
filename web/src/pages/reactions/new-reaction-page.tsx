export function NewReactionPage() {
  return null
}
