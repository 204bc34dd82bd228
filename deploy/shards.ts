import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/**
 * Divides tests over shards of about equal cost: in a seeded order, the dearest first, each to the shard that costs least so
 * far, and among these to the one with fewest tests. The same input gives the same shards everywhere.
 *
 * @param costs the expected cost of each test, from 0, in the order of the list, in any one unit
 * @param shards how many, from 1 to the number of tests
 * @returns for each shard the places of its tests in rising order; every place is in one shard, and no shard is empty
 * @throws RangeError for a number of shards that does not fit, and for a cost that is no number from 0
 */
export function shardsOf(costs: readonly number[], shards: number, seed: number): number[][] {
  if (!(Number.isInteger(shards) && shards >= 1 && shards <= costs.length))
    throw new RangeError(`shards requires a whole number from 1 to the number of tests (${costs.length}), got ${shards}`)
  const bad = costs.find((cost) => !(cost >= 0 && cost < Number.POSITIVE_INFINITY))
  if (bad !== undefined) throw new RangeError(`shards requires costs from 0, got ${bad}`)
  const costOf = (place: number) => costs[place] ?? 0
  // The sort is stable, so that tests of one cost stay in the seeded order.
  const order = shuffled(costs.length, seed).toSorted((a, b) => costOf(b) - costOf(a))
  const made = Array.from({ length: shards }, () => ({ cost: 0, places: [] as number[] }))
  for (const place of order) {
    const least = made.reduce((best, one) =>
      one.cost < best.cost || (one.cost === best.cost && one.places.length < best.places.length) ? one : best,
    )
    least.cost += costOf(place)
    least.places.push(place)
  }
  // A shard is empty only when all that is left costs nothing beside what the others have.
  for (const empty of made.filter(({ places }) => places.length === 0)) {
    const most = made.reduce((best, one) => (one.places.length > best.places.length ? one : best))
    empty.places.push(most.places.pop() ?? 0)
  }
  return made.map(({ places }) => places.toSorted((a, b) => a - b))
}

function shuffled(length: number, seed: number): number[] {
  const random = xoroshiro128plus(seed)
  const list = Array.from({ length }, (_, i) => i)
  for (let last = length - 1; last > 0; last--) {
    const at = uniformInt(random, 0, last)
    ;[list[last], list[at]] = [list[at] ?? 0, list[last] ?? 0]
  }
  return list
}
