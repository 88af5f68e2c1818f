/**
 * Completes the last word of a field that takes words with commas between: each option is what stands before that
 * word, and the word completed, since a browser puts an option in the place of the whole text.
 */
export function WordOptions({ id, value, words }: { id: string; value: string; words: readonly string[] }) {
  const before = value.slice(0, value.lastIndexOf(',') + 1)
  const lead = before === '' ? '' : `${before} `
  const taken = new Set(before.split(',').map(word => word.trim()))
  return (
    <datalist id={id}>
      {words
        .filter(word => !taken.has(word))
        .map(word => (
          <option key={word} value={lead + word} />
        ))}
    </datalist>
  )
}
