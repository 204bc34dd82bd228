declare module 'jsonld' {
  /** JSON-LD 1.1 expansion, as far as the tests use it. */
  const jsonld: {
    expand(
      document: object,
      options: { base: string; documentLoader: (url: string) => Promise<never> },
    ): Promise<Record<string, unknown>[]>
  }
  // biome-ignore lint/style/noDefaultExport: it is how the package exports
  export default jsonld
}
