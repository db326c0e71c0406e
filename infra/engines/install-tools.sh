#!/usr/bin/env bash
# Makes sure that Kafka and Elasticsearch can be fetched and run, Maven and a Java new enough, and that tests can make
# calls to the disk fail: strace. Idempotent; needs Node.
set -euo pipefail
cd "$(dirname "$0")"

missing=$(node missing-tools.ts)
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "tests will be skipped that need what is missing here; to run them install: ${missing//$'\n'/ }" >&2
  exit 0
fi

has_candidate() {
  apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'
}

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
packages=()
case $missing in *maven*) packages+=(maven) ;; esac
case $missing in *strace*) packages+=(strace) ;; esac
case $missing in
  *java*)
    for package in openjdk-25-jdk-headless openjdk-21-jdk-headless; do
      if has_candidate "$package"; then
        packages+=("$package")
        break
      fi
    done
    ;;
esac
[ "${#packages[@]}" -eq 0 ] || apt-get install -y -qq --no-install-recommends "${packages[@]}"

missing=$(node missing-tools.ts)
[ -z "$missing" ] || echo "this system has no package of: ${missing//$'\n'/ }; of Java, install Temurin and name it with HOLDFAST_JAVA_HOME" >&2
