# Completes rollcall in fish: rollcall completion fish | source
function __rollcall_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l line (string join ' ' -- rollcall $words[2..-1] "$current")
    set -l found ($words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
    # Options are offered only after a hyphen; elsewhere they would hide the names of files.
    if not string match -q -- '-*' "$current"
        set found (string match -v -- '-*' $found)
    end
    set found (string match -- "$current*" $found)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c rollcall -f -a '(__rollcall_complete)'
