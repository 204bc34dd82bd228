import type { ApiProvider, ProviderResponse } from 'promptfoo'

/** The peer of the overhead bench: a provider that does nothing. */
export default class DoNothing implements ApiProvider {
  readonly #id: string

  constructor(options: { id?: string }) {
    this.#id = options.id ?? 'do-nothing'
  }

  id(): string {
    return this.#id
  }

  async callApi(): Promise<ProviderResponse> {
    return { output: 'nothing' }
  }
}
