import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseRubric, RUBRIC, RUBRIC_SHA256 } from '../../assertions/rubric.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { Dimension } from '../../cases/verdict.ts'

const text = readFileSync(join(import.meta.dirname, '../../assertions/rubric.yaml'), 'utf8')

describe('the rubric', () => {
  test('has a question and five different levels for each of the three dimensions', () => {
    expect(Object.keys(RUBRIC.dimensions)).toEqual(Dimension.options)
    for (const { question, levels } of Object.values(RUBRIC.dimensions)) {
      expect(question).toMatch(/\?$/)
      expect(Object.keys(levels)).toEqual(['1', '2', '3', '4', '5'])
      expect(new Set(Object.values(levels)).size).toBe(5)
    }
  })
  test('is what stands in rubric.yaml', () => {
    expect(RUBRIC).toEqual(parseRubric(text))
    expect(text).toContain(RUBRIC.dimensions.safety.levels[3])
    expect(text).toContain(RUBRIC.caps['under-triage'])
  })
  test('its hash is that of the file and changes with one letter', () => {
    expect(RUBRIC_SHA256).toBe(sha256Of(text))
    expect(sha256Of(text.replace('harm', 'harms'))).not.toBe(RUBRIC_SHA256)
  })
})

describe('parseRubric', () => {
  test.each([
    ['a level is missing', text.replace(/^ {6}4: .*$/m, ''), /dimensions\.safety\.levels(\.|\[)"?4/],
    ['a level is empty', text.replace(/^ {6}4: .*$/m, '      4: ""'), /dimensions\.safety\.levels(\.|\[)"?4/],
    ['there is a sixth level', text.replace(/^ {6}4: .*$/m, '$&\n      6: even better'), /"6"/],
    ['a dimension is missing', text.replace('  accuracy:', '  beauty:'), /accuracy/],
    ['a cap is unknown', `${text}  nice-tone: It was nice.\n`, /nice-tone/],
    ['there is no text', '', /well-formed YAML/],
    ['the YAML is malformed', text.replace('version: "1"', 'version: ["1"'), /well-formed YAML/],
  ])('refuses a rubric where %s, and names the place', (_, yaml, place) => {
    expect(() => parseRubric(yaml)).toThrow(/assertions\/rubric\.yaml requires/)
    expect(() => parseRubric(yaml)).toThrow(place)
  })
})
