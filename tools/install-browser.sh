#!/bin/sh
# Installs Chromium and Chinese fonts where that is a matter of two packages: on Debian, as root.
# Elsewhere, or when it fails, the browser tests say what is missing.
set -u
packages="chromium fonts-noto-cjk"

[ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release || exit 0
# shellcheck disable=SC2086  # one word a package, here and below
dpkg --status $packages >/dev/null 2>&1 && exit 0

echo "installing $packages"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -qq --no-install-recommends $packages; } >/dev/null ||
    echo "could not install $packages: the browser tests will say what is missing" >&2
