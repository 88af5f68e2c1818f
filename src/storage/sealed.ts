/** Every column that holds sealed text, alone or inside of JSON: what a new key has to seal anew. */
export const sealedColumns = {
  installation: { keys: ['key'], columns: ['value'] },
  endpoint: { keys: ['id'], columns: ['definition', 'token_sealed', 'former_token_sealed'] },
  reaction_version: { keys: ['reaction_id', 'version'], columns: ['definition'] },
  secret: { keys: ['id'], columns: ['value_sealed'] },
  source: { keys: ['id'], columns: ['token_sealed'] },
  idempotency: { keys: ['key', 'actor'], columns: ['fingerprint', 'response'] },
} as const satisfies Record<string, { keys: readonly string[]; columns: readonly string[] }>

export type SealedTable = keyof typeof sealedColumns
export const sealedTables = Object.keys(sealedColumns) as SealedTable[]

export type SealedKey = readonly (string | number)[]

export interface SealedRow {
  key: SealedKey
  /** In the order of the columns. */
  texts: (string | null)[]
}

/** Applied where the column still holds what was read. */
export interface Resealed {
  key: SealedKey
  column: string
  former: string
  text: string
}
