/** One thing that is wrong, or doubtful, with a case of a bank. */
export interface Finding {
  readonly caseId: string
  /** The field, with the id of its element where it has one: `facts.bleeding.text`. */
  readonly field: string
  /** A plain sentence: `requires <condition>, got <value>`. */
  readonly fault: string
  /** An error makes results wrong or unfair; a warning asks a person to look. */
  readonly severity: 'error' | 'warning'
}

/** A finding before it is known whose it is. */
export type Fault = Omit<Finding, 'caseId'>

/** A fault that makes results wrong or unfair. */
export function error(field: string, fault: string): Fault {
  return { field, fault, severity: 'error' }
}

/** A fault that asks a person to look. */
export function warning(field: string, fault: string): Fault {
  return { field, fault, severity: 'warning' }
}
