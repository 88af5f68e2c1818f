export function EditReactionPage() {
  return null
}
