#compdef rollcall
# Completes rollcall in zsh: source <(rollcall completion zsh), after compinit
_rollcall() {
    local line="rollcall ${(j: :)words[2,CURRENT]}"
    local -a found
    found=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
    # Options are offered only after a hyphen; elsewhere they would hide the names of files.
    [[ ${words[CURRENT]} == -* ]] || found=(${found:#-*})
    compadd -a found || _files
}
compdef _rollcall rollcall
