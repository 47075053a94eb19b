#!/usr/bin/env bash
# LMDB 0.9.24 (Debian 12: liblmdb0 0.9.24-1): a reader registers with a lock on the byte of lock.mdb whose offset is its
# process id, as its own PID namespace counts. Programs in containers usually have the same id: 1. So where two containers
# share a volume, the second program that wants to read gets EAGAIN, "Resource temporarily unavailable", for as long as the
# first one runs, from mdb_txn_begin of a read transaction (and from mdb_dbi_open's callers), though readers "never block",
# a hundred reader slots are free and nobody writes. The same two programs read side by side when their ids differ.
# Seen:
#   ids 1 and 1: second reader: 11 Resource temporarily unavailable
#   ids 1 and 2: second reader: 0
# Exits 0 when that is so, 1 when it is not any more, 2 when it could not be tried. Needs gcc, apt-get, and root or user
# namespaces for unshare.
set -euo pipefail
export LC_ALL=C
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download -q liblmdb-dev=0.9.24-1 liblmdb0=0.9.24-1 >log 2>&1 && for p in *.deb; do dpkg -x "$p" root; done; } \
  || { cat log >&2; echo "cannot get the packages; apt-get update first" >&2; exit 2; }
library=$(dirname "$(find root -name 'liblmdb.so*' | head -1)")

cat >reader.c <<'C'
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* reader FOLDER first|second|second-forked: the first holds a read transaction until its standard input ends. */
int main(int argc, char** argv) {
  MDB_env* env;
  MDB_txn* txn;
  int first = !strcmp(argv[2], "first"), rc = argc == 3 ? 0 : 1;
  if (!strcmp(argv[2], "second-forked") && fork() > 0)
    return pause();
  if (rc || (rc = mdb_env_create(&env)) || (rc = mdb_env_open(env, argv[1], MDB_NOTLS, 0600)))
    return fprintf(stderr, "open: %s\n", mdb_strerror(rc)), 2;
  rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
  if (first)
    printf("id %d\n", (int)getpid());
  else
    printf("ids 1 and %d: second reader: %d%s%s\n", (int)getpid(), rc, rc ? " " : "", rc ? mdb_strerror(rc) : "");
  fflush(stdout);
  for (char c; first && read(0, &c, 1) > 0;)
    ;
  return 0;
}
C
gcc -o reader reader.c -Iroot/usr/include -L"$library" -llmdb
export LD_LIBRARY_PATH="$PWD/$library"
container() { unshare --pid --fork --kill-child ${namespace:-} "$@"; }
namespace=
container true 2>/dev/null || namespace="--user --map-root-user"
container true 2>/dev/null || { echo "no PID namespace can be made here" >&2; exit 2; }

mkdir store
mkfifo hold
container ./reader store first <hold >first &
exec 3>hold
until grep -q "^id 1$" first 2>/dev/null; do read -r -t 0.1 <> <(:) || true; done
container ./reader store second | tee seen
container timeout -s KILL 2 ./reader store second-forked >forked || true
grep -m1 "second reader" forked | sed 's/ids 1 and [0-9]*/ids 1 and 2/' | tee -a seen
exec 3>&-
wait
grep -q "^ids 1 and 1: second reader: 11 Resource temporarily unavailable$" seen && grep -q "^ids 1 and 2: second reader: 0$" seen
