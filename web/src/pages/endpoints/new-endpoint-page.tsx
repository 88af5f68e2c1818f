export function NewEndpointPage() {
  return null
}
