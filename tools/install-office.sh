#!/bin/sh
# Installs LibreOffice Calc where that is a matter of one package: on Debian, as root.
# Elsewhere, or when it fails, the round-trip tests say what is missing.
set -u
package="libreoffice-calc-nogui"

[ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release || exit 0
dpkg --status "$package" >/dev/null 2>&1 && exit 0

echo "installing $package"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -qq --no-install-recommends "$package"; } >/dev/null ||
    echo "could not install $package: the round-trip tests will say what is missing" >&2
