/** Orders text by code unit, because an order by locale differs between machines. For `sort`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Orders items by their place in a list, such as the arms in the order in which they are declared. For `sort`. */
export function comparePlace<Item>(order: readonly Item[], a: Item, b: Item): number {
  return order.indexOf(a) - order.indexOf(b)
}
