# What fish completes after xferkey.
function __xferkey_files
    complete -C"__fish_command_without_completions $argv"
end

function __xferkey_complete
    set -l last (commandline -ct)
    set -l words (commandline -opc) "$last"
    type -q $words[1]; or return
    set -l helper ($words[1] --exec-path)/lib/xferkey-complete
    for line in ($helper $words[2..] 2>/dev/null)
        switch $line
            case :account
                __fish_complete_users
            case :directory
                __xferkey_files $last | string match '*/'
            case :pub
                __xferkey_files $last | string match -r '.*(?:/|\.pub)$'
            case :key
                __xferkey_files $last | string match -v '*.pub'
            case :file
                set -l before (string match -r '^file:' -- $last)
                __xferkey_files (string replace -r '^file:' '' -- $last) | string replace -r '^' "$before"
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c xferkey -f -a '(__xferkey_complete)'
