#!/usr/bin/env bash
# LMDB 0.9.24 (Debian 12: liblmdb0 0.9.24-1): mdb_env_copy2 keeps the number of the last transaction, with MDB_CP_COMPACT it
# begins again at 1. So me_last_txnid (what mdb_stat -e prints as "Last transaction ID") tells of two files of one origin
# neither which is newer nor whether they hold the same: a compact backup restored over its original looks older than
# every copy ever made of it, and a program that remembers "I have seen up to number N" sees nothing new for N commits.
# Seen: after 5 commits: original 5, plain copy 5, compact copy 1
# Exits 0 when that is so, 1 when it is not any more, 2 when it could not be tried. Needs gcc and apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download -q liblmdb-dev=0.9.24-1 liblmdb0=0.9.24-1 >log 2>&1 && for p in *.deb; do dpkg -x "$p" root; done; } \
  || { cat log >&2; echo "cannot get the packages; apt-get update first" >&2; exit 2; }
library=$(dirname "$(find root -name 'liblmdb.so*' | head -1)")

cat >copies.c <<'C'
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>

static void must(int rc) {
  if (rc)
    fprintf(stderr, "%s\n", mdb_strerror(rc)), exit(2);
}

static MDB_env* opened(const char* folder) {
  MDB_env* env;
  must(mdb_env_create(&env));
  must(mdb_env_open(env, folder, 0, 0600));
  return env;
}

static size_t last_transaction(const char* folder) {
  MDB_envinfo info;
  must(mdb_env_info(opened(folder), &info));
  return info.me_last_txnid;
}

int main(void) {
  MDB_env* env = opened("original");
  for (int i = 0; i < 5; ++i) {
    MDB_txn* txn;
    MDB_dbi table;
    MDB_val key = {1, "k"}, value = {sizeof i, &i};
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &table));
    must(mdb_put(txn, table, &key, &value, 0));
    must(mdb_txn_commit(txn));
  }
  MDB_envinfo info;
  must(mdb_env_info(env, &info));
  must(mdb_env_copy2(env, "plain", 0));
  must(mdb_env_copy2(env, "compact", MDB_CP_COMPACT));
  printf("after 5 commits: original %zu, plain copy %zu, compact copy %zu\n", info.me_last_txnid,
         last_transaction("plain"), last_transaction("compact"));
}
C
gcc -o copies copies.c -Iroot/usr/include -L"$library" -llmdb
mkdir original plain compact
LD_LIBRARY_PATH="$library" ./copies | tee seen
grep -qx "after 5 commits: original 5, plain copy 5, compact copy 1" seen
