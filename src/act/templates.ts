import { LRUCache } from 'lru-cache'
import { compileOptionsOf, type HttpAction } from '../core/reaction.ts'
import { compileTemplate, isTemplate, type Template } from '../core/template/template.ts'

const templates = new LRUCache<string, Template>({ max: 5000 })

/** Compiled on first use. Throws a TemplateError. */
export function compiled(action: HttpAction, source: string): Template {
  const options = compileOptionsOf(action)
  const key = `${action.language} ${options.functions}:${source}`
  let template = templates.get(key)
  if (!template)
    templates.set(key, (template = compileTemplate(action.language, 'template', source, options)))
  return template
}

export interface Place {
  /** Into the definition: /action/url. */
  path: string
  source: string
  compile(): Template
}

/** Every template of an action. */
export function templatesOf(action: HttpAction): Place[] {
  const { language, url, headers, body, bodyFrom, signingSecrets, proxyUrl, exactHeaders } = action
  const outside: [string, string][] = [
    ['/action/url', url],
    ...headers.map(({ value }, at): [string, string] => [`/action/headers/${at}/value`, value]),
    ['/action/proxyUrl', proxyUrl ?? ''],
  ]
  const texts: [path: string, source: string][] = [
    ...(exactHeaders ? [] : outside),
    ...(bodyFrom === 'template' ? [['/action/body', body] satisfies [string, string]] : []),
    ...signingSecrets.map((secret, at): [string, string] => [`/action/signingSecrets/${at}`, secret]),
  ]
  return texts
    .filter(([, source]) => isTemplate(language, source))
    .map(([path, source]) => ({ path, source, compile: () => compiled(action, source) }))
}
