# Completes rollcall in bash: source <(rollcall completion bash)
_rollcall() {
    local typed=${COMP_LINE:0:COMP_POINT} current=$2
    local line="rollcall${typed#*"${COMP_WORDS[0]}"}"
    # Options are offered only after a hyphen; elsewhere they would hide the names of files.
    local without='-*'
    [[ $current == -* ]] && without=''
    local IFS=$'\n'
    COMPREPLY=($(compgen -X "$without" -W "$("$1" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$current"))
}
complete -o default -F _rollcall rollcall
