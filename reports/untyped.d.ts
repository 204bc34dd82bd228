/** The little that is used of a package without types. */
declare module 'fontkit' {
  export function openSync(path: string): {
    unitsPerEm: number
    glyphForCodePoint(codePoint: number): { id: number; advanceWidth: number }
    hasGlyphForCodePoint(codePoint: number): boolean
  }
}

/** Vega exports the function that measures text, but its types leave it out. */
declare module 'vega' {
  export const textMetrics: {
    width: (item: { fontSize?: number; fontWeight?: string | number }, text: string | null) => number
  }
}
