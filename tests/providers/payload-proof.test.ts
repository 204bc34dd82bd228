import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Part, Request } from '../../providers/model.ts'
import { proveRequest } from '../../providers/payload-proof.ts'
import { requestOf } from './models.ts'

const RECORD = 'Health record, as of 2026-10-01\nMedications\n- Apixaban'
const KEY = 'f'.repeat(64)
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const image = (...bytes: number[]): Part => ({ type: 'image', mime: 'image/jpeg', bytes: Uint8Array.from(bytes) })
const text = (words: string): Part => ({ type: 'text', text: words })

describe('the proof of a request', () => {
  test('holds the hash of every image’s own bytes, in the order of the payload, repeats included', () => {
    const request = requestOf('', {
      messages: [
        { role: 'user', content: [image(2), text('look'), image(1, 2, 3)] },
        { role: 'assistant', content: [text('I look.')] },
        { role: 'user', content: [image(2)] },
      ],
    })
    const [two, three] = [sha256(Uint8Array.of(2)), sha256(Uint8Array.of(1, 2, 3))]
    expect(proveRequest(request, 't2', RECORD, KEY)).toEqual({
      turn: 't2',
      images: [two, three, two],
      ehr: null,
      instructions: sha256(request.system),
      key: KEY,
    })
  })

  const places: readonly (readonly [string, Request])[] = [
    ['the system prompt', requestOf('hi', { system: `Be kind.\n\n${RECORD}` })],
    ['the first message', requestOf(`Here: ${RECORD} That is all.`)],
    ['a later part of a message', requestOf('', { messages: [{ role: 'user', content: [text('hi'), image(1), text(RECORD)] }] })],
  ]
  test.each(places)('finds the record in %s', (_, request) => {
    expect(proveRequest(request, 't2', RECORD, KEY).ehr).toBe(sha256(RECORD))
  })

  test.each([
    ['absent', 'be kind'],
    ['changed by one letter', RECORD.replace('Apixaban', 'Apixabam')],
    ['cut short', RECORD.slice(0, -1)],
  ])('says null for a record that is %s', (_, system) => {
    expect(proveRequest(requestOf('hi', { system }), 't2', RECORD, KEY).ehr).toBeNull()
  })

  test('law: without an image part there is no hash, whatever the texts say', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (system, words) => {
        expect(proveRequest(requestOf(`${words} image/jpeg`, { system }), 't2', RECORD, KEY).images).toEqual([])
      }),
    )
  })
})
