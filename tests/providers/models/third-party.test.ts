import { expect, test } from 'vitest'
import { isThirdParty } from '../../../providers/models/third-party.ts'

test.each([
  'http://127.0.0.1:8080/v1',
  'http://localhost/v1',
  'http://10.1.2.3/v1',
  'http://192.168.0.9:1/v1',
  'http://[::1]:8/v1',
  'http://[fd00::1]/v1',
])('a compatible server at %s is no third party', (baseUrl) => {
  expect(isThirdParty('compatible:x', { baseUrl })).toBe(false)
})

test.each([
  'https://api.example.org/v1',
  'http://8.8.8.8/v1',
  'http://localhost.example.org/v1',
  'http://172.32.0.1/v1',
  'http://[2001:db8::1]/v1',
  'http://gpu-box:8000/v1',
])('a compatible server at %s is one', (baseUrl) => {
  expect(isThirdParty('compatible:x', { baseUrl })).toBe(true)
})

test('embedded rules are none; every vendor is one, also behind an address of one’s own', () => {
  expect(isThirdParty('embedded-careful')).toBe(false)
  expect(isThirdParty('compatible:x')).toBe(true)
  for (const id of ['anthropic:a', 'openai:b', 'bedrock:c'])
    expect(isThirdParty(id, { baseUrl: 'http://127.0.0.1:1' })).toBe(true)
})
