import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels } from '../../reports/place-labels.ts'

const area = { width: 200, height: 180 }
const mark = fc.record({
  x: fc.integer({ min: 5, max: 195 }),
  y: fc.integer({ min: 5, max: 175 }),
  width: fc.integer({ min: 4, max: 40 }),
})

test('no label overlaps another, a mark or the border, wherever the marks are', () => {
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 12 }), (marks) => {
      const places = placeLabels(marks, area, [])
      if (places === null) return
      const boxes = places.map(({ x, y }, index) => {
        const half = (marks[index]?.width ?? 0) / 2
        return { left: x - half, right: x + half, top: y - 4, bottom: y + 4 }
      })
      for (const [index, a] of boxes.entries()) {
        expect(a.left).toBeGreaterThanOrEqual(0)
        expect(a.right).toBeLessThanOrEqual(area.width)
        expect(a.top).toBeGreaterThanOrEqual(0)
        expect(a.bottom).toBeLessThanOrEqual(area.height)
        for (const b of boxes.slice(index + 1))
          expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false)
        for (const { x, y } of marks) expect(a.left < x && x < a.right && a.top < y && y < a.bottom).toBe(false)
      }
    }),
  )
})

test('forty numbers at one point all find a place, those far away led to it', () => {
  const marks = Array.from({ length: 40 }, () => ({ x: 100, y: 90, width: 8 }))
  const places = placeLabels(marks, area, [])
  expect(places).toHaveLength(40)
  expect(places?.some(({ far }) => far)).toBe(true)
})

test('where there is no room for all labels there are none', () => {
  const marks = Array.from({ length: 40 }, () => ({ x: 10, y: 10, width: 8 }))
  expect(placeLabels(marks, { width: 20, height: 20 }, [])).toBeNull()
})

test('a label rather stands off a line than on it', () => {
  const line = { left: 100, right: 200, top: 85, bottom: 95 }
  const [free] = placeLabels([{ x: 100, y: 90, width: 20 }], area, []) ?? []
  const [moved] = placeLabels([{ x: 100, y: 90, width: 20 }], area, [line]) ?? []
  expect(free).toMatchObject({ y: 90 })
  expect(moved?.y).not.toBe(90)
})
