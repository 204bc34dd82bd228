type Row = Readonly<Record<string, unknown>>
type Keep = { model: (model: string) => boolean; arm: (arm: string) => boolean }

/**
 * A figure’s specification with only the rows of the models and arms that are kept; a row without a model or arm stays. A name
 * that no row has any more leaves the scales’ domains too, with its colour or shape, so that no empty row is drawn. A
 * specification of which nothing would be left is given back as null.
 */
export function narrowed(spec: unknown, keep: Keep): unknown {
  const kept = (row: Row) =>
    (typeof row.model !== 'string' || keep.model(row.model)) && (typeof row.arm !== 'string' || keep.arm(row.arm))
  const rows = dataRows(spec)
  const left = rows.filter(kept)
  if (left.length === rows.length) return spec
  if (!left.some((row) => typeof row.model === 'string')) return null
  const names = (among: readonly Row[]) =>
    new Set(among.flatMap((row) => Object.values(row).filter((value) => typeof value === 'string')))
  const [before, after] = [names(rows), names(left)]
  const gone = (name: unknown) => typeof name === 'string' && before.has(name) && !after.has(name)
  return walk(spec, kept, gone)
}

function isRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
}

function dataRows(spec: unknown): Row[] {
  if (Array.isArray(spec)) return spec.flatMap(dataRows)
  if (typeof spec !== 'object' || spec === null) return []
  return Object.entries(spec).flatMap(([key, value]) => (key === 'values' && isRows(value) ? value : dataRows(value)))
}

function walk(value: unknown, kept: (row: Row) => boolean, gone: (name: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, kept, gone))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === 'values' && isRows(inner) ? inner.filter(kept) : walk(inner, kept, gone),
  ])
  return trimmed(Object.fromEntries(entries), gone)
}

function trimmed(made: Record<string, unknown>, gone: (name: unknown) => boolean): Record<string, unknown> {
  const { domain, range } = made
  if (!Array.isArray(domain) || !domain.some(gone)) return made
  const beside = Array.isArray(range) && range.length === domain.length
  return {
    ...made,
    domain: domain.filter((name) => !gone(name)),
    ...(beside ? { range: range.filter((_, place) => !gone(domain[place])) } : {}),
  }
}
