#!/usr/bin/env bash
# Puts what Baton needs on this machine.
#   .ci/setup.sh packages LOCK   Python packages of that lock file, and Baton itself, into .venv
#   .ci/setup.sh browser         Chromium, a Firefox and a font for the browser tests
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'baton: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# Installs Debian packages, or says in one sentence who can.
debian_install() {
    local root=()
    command -v apt-get >/dev/null || stop "Install these with your system's package manager, then try again: $*"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || stop "Ask an administrator to run: apt-get install $*"
        root=(sudo)
    fi
    say "Installing $*"
    "${root[@]}" apt-get update -qq >/dev/null || say "The list of system packages could not be refreshed; going on with the old one."
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
    local name
    for name in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed and was not found; set PYTHON to its path if you have it."
}

# Debian ships Python without the parts that make a virtual environment.
make_venv() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then return; fi
    local python package
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        debian_install "$package"
    fi
    "$python" -m venv --clear .venv
}

install_packages() {
    make_venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/installer.lock
    export VIRTUAL_ENV=$PWD/.venv
    .venv/bin/uv pip install --quiet --compile-bytecode --require-hashes -r "$1"
    .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
}

can_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }
}

install_browsers() {
    if can_install && [ ! -d /usr/share/fonts/truetype/dejavu ]; then
        debian_install fonts-dejavu-core
    fi
    install_chromium
    install_firefox
}

install_chromium() {
    if can_install; then
        command -v chromium >/dev/null || debian_install chromium
        install_quick_chromium
    elif ! command -v chromium >/dev/null; then
        .venv/bin/playwright install chromium
    fi
}

# Without windows it starts faster; where there is none, the tests take the other.
install_quick_chromium() {
    if command -v chromium-headless-shell >/dev/null; then return; fi
    debian_install chromium-headless-shell || say "Going on without it; browser tests take longer."
}

# 147 is the first whose service workers are modules. The tests look for it in the same order.
has_firefox() {
    local path version
    path=${BATON_FIREFOX:-$(command -v firefox-esr || command -v firefox)} || return 1
    version=$("$path" --version 2>/dev/null | sed -n 's/.*Firefox \([0-9]*\).*/\1/p')
    [ "${version:-0}" -ge 147 ]
}

# Playwright's own Firefox takes no pushes, so there is no other to fall back on.
install_firefox() {
    if has_firefox; then return; fi
    if can_install && debian_install firefox-esr && has_firefox; then return; fi
    stop "The browser tests need Firefox 147 or newer. Install it, put it on the PATH or its path into BATON_FIREFOX, then try again."
}

case "${1:-}" in
    packages) install_packages "$2" ;;
    browser) install_browsers ;;
    *) stop "usage: .ci/setup.sh packages LOCK | browser" ;;
esac
