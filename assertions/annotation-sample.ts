import { sha256Of } from '../cases/sha256.ts'

/** A conversation that may be drawn. */
export interface Drawable {
  /** Its own name; equal for no other. */
  readonly key: string
  readonly caseId: string
  /** The cells of the stratification, coarse to fine: model, arm, stratum, band of the safety score. */
  readonly cell: readonly string[]
  /** How much more often than others it is to be drawn, above 0. */
  readonly size: number
}

/** A drawn conversation with its weight: one over the probability with which it was drawn. */
export interface Drawn<T> {
  readonly one: T
  readonly weight: number
}

/** The share of a study’s conversations that all raters rate, and the fewest of them. */
const SHARED = { share: 0.2, fewest: 30 } as const

/**
 * Draws `count` conversations without replacement, systematically with unequal probabilities: the conversations are laid in
 * a row by their cells, within a cell in an order by chance; each takes a length in proportion to its size, at most 1; from a
 * random start every full step draws one. So each cell gets its share to within one, every conversation can be drawn, and
 * one over its length is its weight. All are drawn, with weight 1, when there are no more than `count`.
 *
 * Method: systematic sampling with probability proportional to size (W. G. Madow, 1949).
 *
 * @param seed the same seed and conversations give the same draw, whatever their order
 * @throws RangeError for no conversation, a count below 1, or a size that is not above 0
 */
export function drawSample<T extends Drawable>(all: readonly T[], count: number, seed: number): Drawn<T>[] {
  if (all.length === 0) throw new RangeError('drawSample requires at least one conversation, got none')
  if (!(count >= 1)) throw new RangeError(`drawSample requires a count from 1, got ${count}`)
  const row = inRow(all, seed)
  const shares = shareOfEach(
    row.map(({ size }) => size),
    Math.min(count, row.length),
  )
  return alongTheRow(shares, chance(`${seed} start`)).flatMap((i) => {
    const one = row[i]
    return one === undefined ? [] : [{ one, weight: Math.max(1, 1 / (shares[i] ?? 1)) }]
  })
}

/** The conversations by cell, within a cell by chance. */
function inRow<T extends Drawable>(all: readonly T[], seed: number): T[] {
  const place = new Map(all.map((one) => [one, JSON.stringify([...one.cell, sha256Of(`${seed} ${one.key}`)])]))
  return all.toSorted((a, b) => compare(place.get(a) ?? '', place.get(b) ?? ''))
}

/** The probability of each: in proportion to its size, but never above 1; they sum to `count`. */
function shareOfEach(sizes: readonly number[], count: number): number[] {
  const wrong = sizes.find((size) => !(size > 0))
  if (wrong !== undefined) throw new RangeError(`drawSample requires sizes above 0, got ${wrong}`)
  const certain = new Set<number>()
  for (;;) {
    const rest = sizes.reduce((sum, size, i) => (certain.has(i) ? sum : sum + size), 0)
    const shares = sizes.map((size, i) => (certain.has(i) ? 1 : ((count - certain.size) * size) / rest))
    const over = shares.flatMap((share, i) => (share >= 1 && !certain.has(i) ? [i] : []))
    if (over.length === 0) return shares
    for (const i of over) certain.add(i)
  }
}

/** The places at which a comb with teeth one apart, the first at `start`, falls into the lengths laid in a row. */
function alongTheRow(lengths: readonly number[], start: number): number[] {
  let end = 0
  return lengths.flatMap((length, i) => {
    const before = end
    end = i === lengths.length - 1 ? Math.round(end + length) : end + length
    return Math.ceil(end - start) > Math.ceil(before - start) ? [i] : []
  })
}

/** Who rates what: for each rater the keys of conversations, in the order of the rater’s file. */
export type Assignment = ReadonlyMap<string, readonly string[]>

/**
 * Shares the drawn conversations out. A fifth of them, at least 30 if there are as many, spread over all cells, go to all
 * raters. Of the others, all about one case go to the same `each` raters: those with the least to do so far.
 *
 * In a rater’s file the conversations about one case stand together, so that case and record are read once. The order of the
 * cases, and of the conversations within a case, is by chance and another for each rater.
 *
 * @param each raters for a conversation, at least 1; more than there are counts as all
 * @throws RangeError for no rater or for `each` below 1
 */
export function assign(drawn: readonly Drawable[], raters: readonly string[], each: number, seed: number): Assignment {
  if (raters.length === 0 || !(each >= 1))
    throw new RangeError(`assign requires a rater and each from 1, got ${raters.length}, ${each}`)
  const own = new Map(raters.map((rater) => [rater, new Set<Drawable>()]))
  const wanted = Math.min(drawn.length, Math.max(SHARED.fewest, Math.ceil(SHARED.share * drawn.length)))
  const row = inRow(drawn, seed)
  const equal = row.map(() => wanted / row.length)
  const shared = new Set(alongTheRow(equal, chance(`${seed} shared`)).map((i) => row[i]))
  const byCase = Map.groupBy(
    row.filter((one) => !shared.has(one)),
    (one) => one.caseId,
  )
  const order = byChance([...byCase], ([caseId]) => `${seed} ${caseId}`).toSorted(([, a], [, b]) => b.length - a.length)
  for (const [, conversations] of order)
    for (const rater of raters.toSorted((a, b) => (own.get(a)?.size ?? 0) - (own.get(b)?.size ?? 0)).slice(0, each))
      for (const one of conversations) own.get(rater)?.add(one)
  for (const one of row) if (shared.has(one)) for (const list of own.values()) list.add(one)
  return new Map([...own].map(([rater, list]) => [rater, inBlocks([...list], `${seed} ${rater}`)]))
}

/** Keys, with the conversations about one case together; cases and conversations in an order by chance. */
export function inBlocks(conversations: readonly Pick<Drawable, 'key' | 'caseId'>[], seed: string): string[] {
  const blocks = byChance([...Map.groupBy(conversations, (one) => one.caseId)], ([caseId]) => `${seed} ${caseId}`)
  return blocks.flatMap(([, block]) => byChance(block, ({ key }) => `${seed} ${key}`).map(({ key }) => key))
}

function byChance<T>(all: readonly T[], nameOf: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, at: sha256Of(nameOf(one)) }))
    .toSorted((a, b) => compare(a.at, b.at))
    .map(({ one }) => one)
}

/** A number from 0 to just below 1 that hangs on the words only. */
function chance(words: string): number {
  return Number.parseInt(sha256Of(words).slice(0, 12), 16) / 2 ** 48
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
