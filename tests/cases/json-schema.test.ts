import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { CASE_JSON_SCHEMA_FILE, caseJsonSchema } from '../../cases/json-schema.ts'
import { Case } from '../../cases/schema.ts'

interface Node {
  readonly path: string
  readonly schema: Record<string, unknown>
}

function objectsIn(value: unknown, path = '$'): Node[] {
  if (typeof value !== 'object' || value === null) return []
  const below = Object.entries(value).flatMap(([key, child]) => objectsIn(child, `${path}.${key}`))
  return 'type' in value && value.type === 'object' ? [{ path, schema: value as Record<string, unknown> }, ...below] : below
}

describe('caseJsonSchema', () => {
  const schema = JSON.parse(caseJsonSchema())
  const objects = objectsIn(schema)

  test('the committed file is what the schema of today gives (else: npm run schema)', async () => {
    expect(await readFile(CASE_JSON_SCHEMA_FILE, 'utf8')).toBe(caseJsonSchema())
  })
  test('it says which JSON Schema it is and what it describes', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect(schema.title).toContain('version 1')
    expect(schema.description).toContain('npm run schema')
  })
  test('it has every field of a case, and exactly those', () => {
    expect(Object.keys(schema.properties)).toEqual(Object.keys(Case.shape))
  })
  test('every object with named fields refuses any other field', () => {
    const named = objects.filter((node) => 'properties' in node.schema)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((node) => node.schema.additionalProperties !== false).map((node) => node.path)).toEqual([])
  })
  test('the only object without named fields is keyed by arm and requires all four', () => {
    const keyed = objects.filter((node) => !('properties' in node.schema))
    expect(keyed.map((node) => node.path)).toEqual(['$.properties.truth.properties.attainable'])
    expect(keyed[0]?.schema.required).toEqual(['full', 'no-image', 'no-ehr', 'no-image-no-ehr'])
    expect(keyed[0]?.schema.propertyNames).toEqual({ type: 'string', enum: ['full', 'no-image', 'no-ehr', 'no-image-no-ehr'] })
  })
})
