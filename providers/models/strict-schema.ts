/**
 * Whether OpenAI takes a JSON schema in strict mode: every object lists all its properties as required and allows no other.
 * In another form strict mode would be refused, and the schema only guides the model.
 */
export function fitsStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(fitsStrict)
  if (typeof schema !== 'object' || schema === null) return true
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>
  const names = Object.keys((properties as object | undefined) ?? {})
  const closed =
    type !== 'object' ||
    (additionalProperties === false && Array.isArray(required) && names.every((name) => required.includes(name)))
  return closed && Object.values(schema).every(fitsStrict)
}
