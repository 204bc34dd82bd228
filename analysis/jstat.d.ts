/** jstat ships no types; these are the few functions used here. */
declare module 'jstat' {
  const jstat: {
    jStat: {
      normal: { cdf(x: number, mean: number, sd: number): number; inv(p: number, mean: number, sd: number): number }
      studentt: { cdf(x: number, df: number): number; pdf(x: number, df: number): number; inv(p: number, df: number): number }
      centralF: { inv(p: number, df1: number, df2: number): number }
    }
  }
  export = jstat
}
