/**
 * A value as JSON that can stand in a script block or an attribute: nothing in it ends the block, is a control character or
 * changes the direction of the file’s text. A reader of JSON gets the same value back, a lone surrogate too.
 */
export function quietJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\p{Cc}\p{Bidi_Control}\u2028\u2029\uFEFF]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
