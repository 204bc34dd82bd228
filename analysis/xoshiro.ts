/** Up to this size two draws come from one 32-bit number; above, too many halves would be rejected. */
const SMALL = 2 ** 12

/**
 * Fills `target[from…to)` with whole numbers from `offset` to `offset + size − 1`, each equally likely, from the generator
 * xoshiro128++ (Blackman and Vigna 2019), and leaves its four words of `state` where the last draw left them.
 *
 * The range is cut by multiplication with rejection (Lemire 2019), so no number is favoured: from each 16-bit half, the
 * upper first, for a size up to 4096, else from all 32 bits. The state stays in local variables inside the loop: drawing
 * through a library's object costs more than the sums that follow. `size` from 1 to 2²¹, up to which the product is exact,
 * else a RangeError; so is a state of zeros, from which the generator never leaves.
 */
export function fillUniform(
  target: Uint32Array,
  from: number,
  to: number,
  offset: number,
  size: number,
  state: Int32Array,
): void {
  if (!(Number.isInteger(size) && size >= 1 && size <= 2 ** 21))
    throw new RangeError(`fillUniform requires a size from 1 to 2097152, got ${size}`)
  if (state.length !== 4 || state.every((word) => word === 0))
    throw new RangeError('fillUniform requires a state of four words, not all zeros')
  if (size <= SMALL) fillFromHalves(target, from, to, offset, size, state)
  else fillFromWhole(target, from, to, offset, size, state)
}

function fillFromHalves(target: Uint32Array, from: number, to: number, offset: number, size: number, state: Int32Array): void {
  let [s0, s1, s2, s3] = state as unknown as [number, number, number, number]
  const rejected = 2 ** 16 % size
  let place = from | 0
  while (place < to) {
    const sum = (s0 + s3) | 0
    const bits = (((sum << 7) | (sum >>> 25)) + s0) | 0
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 11) | (s3 >>> 21)
    const upper = Math.imul(bits >>> 16, size)
    const lower = Math.imul(bits & 0xffff, size)
    // Negative when a half is rejected: both are asked at once, since that is rare.
    if ((((upper & 0xffff) - rejected) | ((lower & 0xffff) - rejected)) >= 0 && place + 1 < to) {
      target[place] = offset + (upper >>> 16)
      target[place + 1] = offset + (lower >>> 16)
      place = (place + 2) | 0
    } else {
      if ((upper & 0xffff) >= rejected) target[place++] = offset + (upper >>> 16)
      if ((lower & 0xffff) >= rejected && place < to) target[place++] = offset + (lower >>> 16)
    }
  }
  state.set([s0, s1, s2, s3])
}

function fillFromWhole(target: Uint32Array, from: number, to: number, offset: number, size: number, state: Int32Array): void {
  let [s0, s1, s2, s3] = state as unknown as [number, number, number, number]
  const rejected = 2 ** 32 % size
  let place = from
  while (place < to) {
    const sum = (s0 + s3) | 0
    const bits = (((sum << 7) | (sum >>> 25)) + s0) >>> 0
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 11) | (s3 >>> 21)
    const product = bits * size
    const drawn = (product * 2 ** -32) >>> 0
    if (product - drawn * 2 ** 32 >= rejected) target[place++] = offset + drawn
  }
  state.set([s0, s1, s2, s3])
}
