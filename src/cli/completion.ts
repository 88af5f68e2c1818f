import { Argument, type Command } from 'commander'
import type { Runner } from './context.ts'

/**
 * The scripts ask `signalbox complete <shell> -- <words>` at each Tab, so that they never need to be made again. It
 * answers a line a candidate, its meaning after a tab; or `:files`. Nothing of an answer is evaluated.
 */
const scripts = {
  bash: `# signalbox completion for bash: eval "$(signalbox completion bash)" in ~/.bashrc
_signalbox() {
  local program=\${BASH_ALIASES[signalbox]:-signalbox} line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <($program complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _signalbox signalbox
`,
  zsh: `#compdef signalbox
# signalbox completion for zsh: source <(signalbox completion zsh) in ~/.zshrc, after compinit
_signalbox() {
  local -a program candidates
  local line
  program=(\${(Q)\${(z)aliases[signalbox]:-signalbox}})
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      _files
      return
    fi
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <($program complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe signalbox candidates
}
compdef _signalbox signalbox
`,
  fish: `# signalbox completion for fish: signalbox completion fish > ~/.config/fish/completions/signalbox.fish
function __signalbox_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l answer (signalbox complete fish -- $words[2..-1] 2>/dev/null)
  if test "$answer[1]" = ':files'
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $answer
  end
end
complete -c signalbox -f -a '(__signalbox_complete)'
`,
} as const

export type Shell = keyof typeof scripts
export const shells = Object.keys(scripts) as Shell[]

export function completionCommand(command: Command, run: Runner): void {
  command
    .addArgument(
      new Argument(
        '<shell>',
        'bash, zsh or fish; the first line of what it prints says where to put it',
      ).choices(shells),
    )
    .action(
      run(async ({ terminal }, shell: Shell) => {
        terminal.stdout.write(scripts[shell])
      }),
    )
}
