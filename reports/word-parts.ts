/** Longer words than this may break: no word of a sentence is, but names of models are. */
const LONG_WORD = 18

/**
 * Text in parts between which a line may break though there is no space: a word of more than 18 characters is taken apart
 * after hyphens, slashes, colons, dots, underscores and commas, and every twelve characters. The parts joined are the text;
 * the empty text is one empty part.
 */
export function wordParts(text: string): string[] {
  const words = text.split(/(?<=\s)(?=\S)/u)
  const parts = words.flatMap((word) => {
    if (Array.from(word).length <= LONG_WORD) return [word]
    return word.split(/(?<=[-/:._,])/u).flatMap((piece) => Array.from(piece.matchAll(/.{1,12}/gsu), ([part]) => part))
  })
  const joined: string[] = []
  for (const part of parts) {
    // At spaces lines break by themselves: a part after one goes on where the last ended.
    if (/\s$/u.test(joined.at(-1) ?? '')) joined.push(`${joined.pop()}${part}`)
    else joined.push(part)
  }
  return joined
}
