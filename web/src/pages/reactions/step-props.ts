import type { FieldError } from '../../api/types.ts'
import type { ReactionDraft } from './draft.ts'

/** What each step of the editor is given. */
export interface StepProps {
  draft: ReactionDraft
  set: (part: Partial<ReactionDraft>) => void
  errors: readonly FieldError[]
}
