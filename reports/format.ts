/** A score or a difference of scores with two decimals and a true minus sign; what rounds to zero has no sign. */
export function points(value: number): string {
  return value
    .toFixed(2)
    .replace(/^-(0\.00)$/u, '$1')
    .replace('-', '−')
}

/** Both ends of an interval, as in `[2.80, 3.62]`. */
export function ends(interval: { low: number; high: number }): string {
  return `[${points(interval.low)}, ${points(interval.high)}]`
}

/** A whole number with thin spaces between thousands, as in `10 000`. */
export function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/gu, '\u202F')
}

/** A number and its noun, as in `1 case` or `12 cases`; `many` is the noun's plural when it is not made with an s. */
export function counted(value: number, noun: string, many = `${noun}s`): string {
  return `${whole(value)} ${value === 1 ? noun : many}`
}

/** Smallest and largest of some counts, as in `8` or `6–8`. Throws on an empty list. */
export function span(values: readonly number[]): string {
  if (values.length === 0) throw new RangeError('span requires at least one value, got none')
  const low = Math.min(...values)
  const high = Math.max(...values)
  return low === high ? whole(low) : `${whole(low)}–${whole(high)}`
}

/** The level of an interval in percent, as in `95%`. */
export function percent(level: number): string {
  return `${Number((level * 100).toFixed(2))}%`
}

/** Words joined as in a sentence: `a`, `a and b`, `a, b and c`. An empty list gives the empty text. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
