/**
 * The largest groups of items in which no two are separated, each in the items' order, the groups by their first members.
 * An item may be in several groups; one that is separated from all others is a group alone. Maximal cliques, after Bron and
 * Kerbosch (1973).
 */
export function inseparableGroups<Item>(items: readonly Item[], separated: (a: Item, b: Item) => boolean): Item[][] {
  const joined = items.map((a, i) => items.map((b, j) => i !== j && !separated(a, b)))
  const groups: number[][] = []
  const grow = (group: number[], open: number[], closed: number[]): void => {
    if (open.length === 0 && closed.length === 0) groups.push(group.toSorted((a, b) => a - b))
    // Every group that holds the pivot, or none of its neighbours, is found without starting from the neighbours.
    const [pivot] = open.length > 0 ? open : closed
    const candidates = open.filter((item) => pivot === undefined || !joined[pivot]?.[item])
    let left = open
    let seen = closed
    for (const item of candidates) {
      const beside = (others: number[]) => others.filter((other) => joined[item]?.[other])
      grow([...group, item], beside(left), beside(seen))
      left = left.filter((other) => other !== item)
      seen = [...seen, item]
    }
  }
  if (items.length > 0) grow([], [...items.keys()], [])
  return groups.sort(byPlaces).map((group) => group.map((place) => items[place] as Item))
}

function byPlaces(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, i) => value !== b[i])
  return place < 0 ? 0 : (a[place] as number) - (b[place] ?? Number.POSITIVE_INFINITY)
}
