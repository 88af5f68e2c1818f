/**
 * The one order of commits, in a server with many writers. A serial column will not do: numbers are drawn in one
 * order and committed in another, and a reader that has seen 7 would never look for 6 again.
 *
 * A position is the transaction's id and a counter within it: `(pg_current_xact_id() << 14) | n`. The id is a 64-bit
 * number that is never used twice (xid8, its epoch included), so with 14 bits for n a position stays a safe integer
 * of JavaScript for 2^39 (5.5 · 10^11) transactions. Transactions still commit in any order; therefore every reader
 * of "what comes after p" stops below `pg_snapshot_xmin(pg_current_snapshot()) << 14`, the oldest transaction that is
 * still open:
 *
 *  - each transaction below it has ended when the snapshot is taken, so what it wrote is seen now or was rolled back;
 *  - each transaction that is open now or comes later has an id at or above it, so nothing appears below it any more.
 *
 * It never goes back, so no position ever appears behind a reader. The price: whichever transaction writes for long
 * in the same server, in any of its databases, holds back what react and the feed see (not what is accepted, nor
 * lists and reads by id). Give Signalbox a server of its own, or keep the neighbours' transactions short; our own
 * are ended by the server after 30 s. After a failover the ids go on, as long as no commit was lost: that is what
 * a synchronous standby is for.
 */
export interface Positions {
  /** Throws when the transaction has numbered all it can. */
  next(): number
  /** `count` in a row; answers the first. */
  take(count: number): number
}

const counterBits = 14
/** Of one transaction. */
export const maxPositions = 2 ** counterBits

/** Positions of the transaction with this id. */
export function createPositions(transactionId: number): Positions {
  const first = transactionId * maxPositions
  let used = 0
  const take = (count: number): number => {
    if (used + count > maxPositions)
      throw new RangeError(`One transaction numbers at most ${maxPositions} rows; ask for less at a time`)
    const position = first + used
    used += count
    return position
  }
  return { next: () => take(1), take }
}

/** Opens a transaction and asks for its id, in one round trip. */
export const beginWithId = 'begin; select pg_current_xact_id()::text::bigint as id'

/** SQL: every position below it is settled. */
export const settledBelow = `(pg_snapshot_xmin(pg_current_snapshot())::text::bigint << ${counterBits})`
