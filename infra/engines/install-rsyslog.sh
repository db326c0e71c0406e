#!/usr/bin/env bash
# Unpacks rsyslog with its Kafka input and Elasticsearch output into a folder, for `make bench` to run beside Holdfast.
# Nothing is installed on the system. Idempotent; prints the path of the folder, or fails with one line that says why not.
set -euo pipefail

folder=${1:-$(cd "$(dirname "$0")/../.." && pwd)/.engines/rsyslog}
packages=(rsyslog rsyslog-kafka rsyslog-elasticsearch)

fail() {
  echo "$1" >&2
  exit 1
}

if [ ! -e "$folder/complete" ]; then
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail 'rsyslog is unpacked from Debian packages, and this system has none'
  simulate() { apt-get install --simulate --no-install-recommends --quiet=2 "${packages[@]}" 2>/dev/null; }
  if ! simulated=$(simulate); then
    [ "$(id -u)" -eq 0 ] && apt-get update -qq >/dev/null 2>&1 || true
    simulated=$(simulate) || fail "no such packages here: ${packages[*]}"
  fi
  # Packages that the system has already are not named; those that the three need are.
  mapfile -t missing < <(sed -n 's/^Inst \([^ ]*\).*/\1/p' <<<"$simulated" | cat - <(printf '%s\n' "${packages[@]}") | sort -u)
  rm -rf "$folder"
  mkdir -p "$folder/packages"
  (cd "$folder/packages" && apt-get download -qq "${missing[@]}" >/dev/null 2>&1) || fail "could not fetch: ${missing[*]}"
  for package in "$folder"/packages/*.deb; do dpkg --extract "$package" "$folder"; done
  rm -rf "$folder/packages"
  touch "$folder/complete"
fi
echo "$folder"
