#!/usr/bin/env bash
# Makes sure that the browser tests find Chromium and fonts for Chinese, Japanese and Korean. Idempotent.
set -euo pipefail

packages=(chromium fonts-noto-cjk)

is_installed() {
  dpkg-query --show --showformat '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

if ! command -v dpkg-query >/dev/null; then
  command -v "${HOLDFAST_CHROMIUM:-chromium}" >/dev/null && exit 0
  echo 'install Chromium with the package manager of this system, or name one with HOLDFAST_CHROMIUM' >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "browser tests will be skipped; to run them: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
