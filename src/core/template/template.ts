import { compileGoTemplate } from './go/template.ts'
import type { CompileOptions, Template, TemplateLanguage } from './language.ts'

export {
  isTemplate,
  TemplateError,
  type CompileOptions,
  type NamedSecret,
  type RenderOptions,
  type Template,
} from './language.ts'
import { compileOctostache } from './octostache/template.ts'

type Compile = (name: string, source: string, options?: CompileOptions) => Template

const languages: Record<TemplateLanguage, Compile> = {
  go: compileGoTemplate,
  octostache: compileOctostache,
  tsuru: (name, source, options) =>
    compileGoTemplate(name, source, { ...options, functions: 'builtin', numbers: 'float64' }),
}

/** `name` is the template's own name, as `{{template "name"}}` would call it. Throws TemplateError `template.syntax` or `template.limit`. */
export function compileTemplate(
  language: TemplateLanguage,
  name: string,
  source: string,
  options?: CompileOptions,
): Template {
  return languages[language](name, source, options)
}
