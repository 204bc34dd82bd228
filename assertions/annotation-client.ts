import type { StudyPage } from './annotation-study.ts'

/**
 * The program of a rater’s page. It runs in the rater’s browser and not here: the page holds the source of this one function,
 * so nothing outside of it can be used. All text goes in as text, never as HTML; nothing is loaded or sent.
 */
export function annotationClient(): void {
  type Score = 1 | 2 | 3 | 4 | 5 | 'cannot_judge' | null
  interface Rating {
    scores: Record<string, Score>
    comment: string
  }
  const page = JSON.parse(find('study').textContent ?? '') as StudyPage
  const place = `${page.format} ${page.study} ${page.rater}`
  const ratings = new Map<string, Rating>()
  let at = 0
  let active: number | null = 0

  function find<T extends HTMLElement>(id: string): T {
    return document.getElementById(id) as T
  }

  function make(tag: string, text = '', parent?: Element): HTMLElement {
    const made = document.createElement(tag)
    if (text !== '') made.textContent = text
    parent?.append(made)
    return made
  }

  function ratingOf(index: number): Rating {
    const id = page.items[index]?.id ?? ''
    const known = ratings.get(id)
    if (known !== undefined) return known
    const fresh = { scores: Object.fromEntries(page.dimensions.map((one) => [one.id, null])), comment: '' }
    ratings.set(id, fresh)
    return fresh
  }

  function isDone(index: number): boolean {
    return Object.values(ratingOf(index).scores).every((score) => score !== null)
  }

  function firstOpen(): number | null {
    const { scores } = ratingOf(at)
    const open = page.dimensions.findIndex((one) => scores[one.id] === null)
    return open === -1 ? null : open
  }

  function asFile() {
    const given = page.items.map(({ id }, i) => ({ item: id, ...ratingOf(i) }))
    const begun = given.filter(({ scores, comment }) => comment !== '' || Object.values(scores).some((score) => score !== null))
    return { format: page.format, version: 1, study: page.study, rater: page.rater, ratings: begun }
  }

  function say(words: string): void {
    find('status').textContent = words
  }

  // A page on which nothing is rated never saves: right after a reload it may not see yet what it saved before.
  function save(): void {
    const file = asFile()
    if (file.ratings.length === 0) return
    try {
      localStorage.setItem(place, JSON.stringify({ ...file, at: page.items[at]?.id }))
    } catch {
      find('unsaved').hidden = false
    }
  }

  /**
   * What is wrong with a file, or null after all of it was taken over; nothing is taken over in part. Ratings of conversations
   * that are not in the file stay as they are.
   */
  function takeOver(text: string): string | null {
    const wrong = 'This file cannot be used: '
    try {
      const file = JSON.parse(text)
      if (file.format !== page.format || file.version !== 1) return `${wrong}it is no file of ratings.`
      if (file.study !== page.study) return `${wrong}it belongs to another study.`
      if (file.rater !== page.rater) return `${wrong}it belongs to rater ${String(file.rater).slice(0, 20)}.`
      const taken: [string, Rating][] = []
      for (const { item, scores, comment } of file.ratings) {
        const fits = page.items.some(({ id }) => id === item) && typeof comment === 'string' && comment.length <= page.maxComment
        const kept = page.dimensions.map((one) => [one.id, scores[one.id] ?? null] as const)
        const scored = kept.every(([, score]) => score === null || score === 'cannot_judge' || [1, 2, 3, 4, 5].includes(score))
        if (!fits || !scored) return `${wrong}the entry ${String(item).slice(0, 20)} does not fit.`
        taken.push([item, { scores: Object.fromEntries(kept), comment }])
      }
      for (const [item, rating] of taken) ratings.set(item, rating)
      const index = page.items.findIndex(({ id }) => id === file.at)
      if (index !== -1) at = index
      return null
    } catch {
      return `${wrong}it cannot be read.`
    }
  }

  function showProgress(): void {
    const done = page.items.filter((_, i) => isDone(i)).length
    find('progress').textContent = `${done} of ${page.items.length} rated`
    find<HTMLProgressElement>('bar').value = done
    const option = find<HTMLSelectElement>('goto').options[at]
    if (option !== undefined) option.text = `${at + 1}${isDone(at) ? ' – rated' : ''}`
  }

  function showScores(): void {
    const { scores } = ratingOf(at)
    for (const [i, { id }] of page.dimensions.entries()) {
      for (const input of document.querySelectorAll<HTMLInputElement>(`input[name="${id}"]`))
        input.checked = input.value === String(scores[id])
      find(`set-${id}`).classList.toggle('active', i === active)
    }
  }

  function showLists(parent: HTMLElement, lists: readonly { title: string; lines: readonly string[] }[]): void {
    parent.replaceChildren()
    for (const { title, lines } of lists) {
      make('h3', title, parent)
      const list = make('ul', '', parent)
      for (const line of lines) make('li', line, list)
    }
  }

  function showCase(): void {
    const about = page.cases[page.items[at]?.about ?? -1]
    const pictures = find('pictures')
    pictures.replaceChildren()
    for (const { src, alt, line } of about?.pictures ?? []) {
      const figure = make('figure', '', pictures)
      const image = make('img', '', figure) as HTMLImageElement
      image.src = src
      image.alt = alt
      make('figcaption', line, figure)
    }
    find('record').textContent = about?.record ?? ''
    showLists(find('truth'), about?.truth ?? [])
  }

  function show(index: number): void {
    at = Math.max(0, Math.min(page.items.length - 1, index))
    const item = page.items[at]
    active = firstOpen()
    find('where').textContent = `Conversation ${at + 1} of ${page.items.length}`
    find<HTMLSelectElement>('goto').selectedIndex = at
    showLists(find('given'), [
      { title: 'What the clinician had', lines: item?.given ?? [] },
      { title: 'What could be known with it', lines: item?.known ?? [] },
    ])
    const turns = find('turns')
    turns.replaceChildren()
    for (const { role, text } of item?.turns ?? []) {
      const turn = make('li', '', turns)
      turn.className = role
      make('strong', role === 'patient' ? 'Patient' : 'Clinician', turn)
      make('p', text, turn)
    }
    showCase()
    find<HTMLTextAreaElement>('comment').value = ratingOf(at).comment
    showScores()
    showProgress()
    save()
    scrollTo(0, 0)
  }

  /** The page open twice in one browser keeps one set of ratings: what the other saved is taken over, and not saved again. */
  function follow(text: string): void {
    const before = new Map(ratings)
    const own = at
    ratings.clear()
    if (takeOver(text) !== null) for (const [item, rating] of before) ratings.set(item, rating)
    at = own
    active = firstOpen()
    find<HTMLTextAreaElement>('comment').value = ratingOf(at).comment
    list()
    showScores()
    showProgress()
  }

  function score(dimension: number, value: Score): void {
    const id = page.dimensions[dimension]?.id
    if (id === undefined) return
    ratingOf(at).scores[id] = value
    active = firstOpen()
    showScores()
    showProgress()
    save()
    const next = active === null ? 'All three scores are given; n goes to the next open one.' : ''
    say(`${id}: ${value === 'cannot_judge' ? 'cannot judge' : value}. ${next}`)
  }

  function nextOpen(): void {
    const order = page.items.map((_, i) => (at + 1 + i) % page.items.length)
    const next = order.find((i) => !isDone(i))
    if (next === undefined) say('Every conversation is rated. Please export.')
    else show(next)
  }

  function exportFile(): void {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([JSON.stringify(asFile(), null, 2)], { type: 'application/json' }))
    link.download = `rater-${page.rater}.json`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    const open = page.items.filter((_, i) => !isDone(i)).length
    say(open === 0 ? 'Exported: all conversations are rated.' : `Exported. ${open} conversations are not finished yet.`)
  }

  function buildScores(): void {
    for (const [i, { id, question, levels }] of page.dimensions.entries()) {
      const set = make('fieldset', '', find('sets'))
      set.id = `set-${id}`
      make('legend', `${id[0]?.toUpperCase()}${id.slice(1)}: ${question}`, set)
      const choices: [Score, string][] = levels.map((words, level) => [(level + 1) as Score, `${level + 1} – ${words}`])
      for (const [value, words] of [...choices, ['cannot_judge', 'Cannot judge'] as const]) {
        const label = make('label', '', set)
        const input = make('input', '', label) as HTMLInputElement
        input.type = 'radio'
        input.name = id
        input.value = String(value)
        input.addEventListener('change', () => score(i, value))
        make('span', words, label)
      }
      set.addEventListener('focusin', () => {
        active = i
        showScores()
      })
    }
  }

  function onKey(event: KeyboardEvent): void {
    const { target, key } = event
    if (event.ctrlKey || event.metaKey || event.altKey || find<HTMLDialogElement>('help').open) return
    const writing = target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
    if (writing && key === 'Escape') target.blur()
    if (writing) return
    const inRadio = target instanceof HTMLInputElement && target.type === 'radio'
    if (inRadio && key.startsWith('Arrow')) return
    const choose = (dimension: number) => () => {
      active = dimension
      showScores()
      say(`${page.dimensions[dimension]?.id} is chosen.`)
    }
    const give = (value: Score) => () => {
      if (inRadio) target.blur()
      if (active === null) say('All three scores are given. Press s, a or u to change one.')
      else score(active, value)
    }
    const keys: Record<string, () => void> = {
      ...Object.fromEntries(([1, 2, 3, 4, 5] as const).map((value) => [String(value), give(value)])),
      '0': give('cannot_judge'),
      ...Object.fromEntries(page.dimensions.map(({ id }, i) => [id[0] ?? '', choose(i)])),
      j: () => show(at + 1),
      ArrowRight: () => show(at + 1),
      k: () => show(at - 1),
      ArrowLeft: () => show(at - 1),
      n: nextOpen,
      c: () => find('comment').focus(),
      e: exportFile,
      '?': () => find<HTMLDialogElement>('help').showModal(),
    }
    const act = keys[key] ?? keys[key.toLowerCase()]
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  function listen(): void {
    document.addEventListener('keydown', onKey)
    addEventListener('storage', ({ key, newValue }) => {
      if (key === place && newValue !== null) follow(newValue)
    })
    find('previous').addEventListener('click', () => show(at - 1))
    find('next').addEventListener('click', () => show(at + 1))
    find('open').addEventListener('click', nextOpen)
    find('export').addEventListener('click', exportFile)
    find('ask').addEventListener('click', () => find<HTMLDialogElement>('help').showModal())
    find<HTMLSelectElement>('goto').addEventListener('change', (event) => show((event.target as HTMLSelectElement).selectedIndex))
    find<HTMLTextAreaElement>('comment').addEventListener('input', (event) => {
      ratingOf(at).comment = (event.target as HTMLTextAreaElement).value
      save()
    })
    find<HTMLInputElement>('load').addEventListener('change', async (event) => {
      const input = event.target as HTMLInputElement
      const wrong = takeOver((await input.files?.[0]?.text()) ?? '')
      input.value = ''
      if (wrong === null) start()
      say(wrong ?? 'The draft is loaded.')
    })
  }

  function list(): void {
    const choice = find<HTMLSelectElement>('goto')
    choice.replaceChildren()
    for (const i of page.items.keys()) make('option', `${i + 1}${isDone(i) ? ' – rated' : ''}`, choice)
    choice.selectedIndex = at
  }

  function start(): void {
    list()
    show(at)
  }

  function restore(): void {
    try {
      const kept = localStorage.getItem(place)
      if (kept !== null) takeOver(kept)
    } catch {
      find('unsaved').hidden = false
    }
  }

  // A browser under load may show what was saved a moment after a reload only.
  function restoreLate(): void {
    if (asFile().ratings.length > 0) return
    restore()
    if (asFile().ratings.length > 0) start()
  }

  buildScores()
  listen()
  restore()
  start()
  for (const delay of [200, 800, 2000]) setTimeout(restoreLate, delay)
}
