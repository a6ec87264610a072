#!/bin/sh
# Runs one throwaway PostgreSQL server for as long as standard input stays open, then removes every
# trace of it. The test process holds the other end, so its death, however sudden, is the signal.
#
#   server.sh <directory for temporary files> <directory of PostgreSQL's programs> [options]
#
# Says on standard output: the server's directory, then `ready`; or on standard error what failed.
set -u
parent=$1
bin=$2
shift 2

dir=
server=

clean_up() {
    if [ -n "$server" ]; then
        # Again and again, because a server that is only just starting may miss one.
        while kill -QUIT "$server" 2>/dev/null; do
            sleep 0.05
        done
    fi
    cd /
    [ -z "$dir" ] || rm -rf "$dir"
}
trap clean_up EXIT
# PIPE, because nobody may be there any more to be told that the server is ready.
trap 'exit 1' HUP INT PIPE TERM

fail() {
    echo "$1" >&2
    [ ! -f log ] || cat log >&2
    exit 1
}

umask 077
# The path of a socket has little more than a hundred bytes of room, and the user that runs the
# server may not be allowed into the first directory.
for place in "$parent" /tmp; do
    [ ${#place} -le 70 ] && dir=$(mktemp -d "$place/scratch-postgres.XXXXXX" 2>/dev/null) && break
done
[ -n "$dir" ] || fail "No temporary directory could be made in $parent or in /tmp."
cd "$dir" || exit 1
echo "$dir"

"$bin/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    </dev/null >log 2>&1 || fail "initdb failed."
"$bin/postgres" -D data -k "$dir" -p 5432 -c listen_addresses= -c max_connections=200 \
    -c timezone=UTC "$@" </dev/null >log 2>&1 &
server=$!

tries=0
until [ -f data/postmaster.pid ] && grep -q '^ready' data/postmaster.pid; do
    kill -0 "$server" 2>/dev/null || fail "The server ended while it was starting."
    [ "$tries" -lt 6000 ] || fail "The server was not ready after a minute."
    tries=$((tries + 1))
    sleep 0.01
done
echo ready
exec >/dev/null 2>&1

# Nothing is ever written to it: this returns when the test process is gone.
read -r _
