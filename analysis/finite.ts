/** Throws a RangeError in the name of `name` unless there are at least `least` values and all of them are finite. */
export function requireFinite(name: string, values: readonly number[], least: number): void {
  if (values.length < least) throw new RangeError(`${name} requires at least ${least} values, got ${values.length}`)
  for (const value of values) if (!Number.isFinite(value)) throw new RangeError(`${name} requires finite values, got ${value}`)
}
