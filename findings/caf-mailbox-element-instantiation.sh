#!/usr/bin/env bash
# CAF 0.17.6 (Debian 12: libcaf-dev 0.17.6-2.1+b1): caf::mailbox_element_vals<T> cannot be instantiated explicitly, its
# public member dispose() calls a deref() that no base has. So the usual way to make a project that sends T from many
# sources compile faster (`extern template class`) works for the rest of what CAF makes of a message
# (detail::tuple_vals_impl), not for the class that is in the mailbox. Code that only sends a T compiles, since nothing
# calls dispose(). Seen: "has no member named 'deref'" for mailbox_element_vals, no error for tuple_vals_impl.
# Exits 0 when that is so, 1 when it is not any more, 2 when it could not be tried. Needs g++ and apt-get.
set -euo pipefail
export LC_ALL=C
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download -q libcaf-dev=0.17.6-2.1+b1 >log 2>&1 && dpkg -x libcaf-dev_*.deb root; } \
  || { cat log >&2; echo "cannot get the package; apt-get update first" >&2; exit 2; }

cat >inside.cpp <<'CPP'
#include <caf/all.hpp>
template class caf::detail::tuple_vals_impl<caf::type_erased_tuple, std::string>;
CPP
cat >whole.cpp <<'CPP'
#include <caf/all.hpp>
template class caf::mailbox_element_vals<std::string>;
CPP
g++ -std=c++17 -w -fsyntax-only -Iroot/usr/include inside.cpp
echo "tuple_vals_impl: compiles"
if g++ -std=c++17 -w -fsyntax-only -Iroot/usr/include whole.cpp 2>errors; then
  echo "mailbox_element_vals: compiles"
  exit 1
fi
grep -m1 "has no member named 'deref'" errors
