// Lanczos coefficients for g = 607/128 as computed by P. Godfrey (2001).
const G = 607 / 128
const COEFFICIENTS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202, 3.399464998481189e-5,
  4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265,
  -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
]

/** The natural logarithm of the gamma function for x above 0, by Lanczos 1964; relative error about 1e-15. Else a RangeError. */
export function logGamma(x: number): number {
  if (!(x > 0 && Number.isFinite(x))) throw new RangeError(`logGamma requires a finite number above 0, got ${x}`)
  const z = x - 1
  const series = COEFFICIENTS.reduce((sum, coefficient, k) => sum + (k === 0 ? coefficient : coefficient / (z + k)), 0)
  const t = z + G + 0.5
  return (z + 0.5) * Math.log(t) - t + Math.log(Math.sqrt(2 * Math.PI) * series)
}
