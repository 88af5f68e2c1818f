import type { EventShape } from './event-shape.ts'
import type { TemplateLanguage } from './language.ts'
import { tsuruShape } from './tsuru/shape.ts'

/** Of the languages that came with another product's events. */
export const shapes: Partial<Record<TemplateLanguage, EventShape>> = { tsuru: tsuruShape }
