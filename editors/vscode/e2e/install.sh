#!/bin/sh
# Makes VS Code for the browser from npm packages, and finds or installs a Chromium to show it in.
set -eu
cd "$(dirname "$0")"

fail() {
    echo "make vscode-e2e: $1" >&2
    exit 1
}

[ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null)" = 20 ] || fail "Node.js 20 is needed: code-server 4.96 is made for it"

missing=
command -v "${CHROMIUM:-chromium}" >/dev/null || missing="chromium fonts-dejavu-core"
command -v g++ >/dev/null && command -v make >/dev/null || missing="$missing g++ make"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -q
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
    else
        fail "install these first: $missing (CHROMIUM=… names another Chromium)"
    fi
fi

stamp="node_modules/.ready-$(node -v)"
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
    # code-server's own script would download ripgrep and needs git; what this test needs of it is done here.
    npm ci --ignore-scripts --no-audit --no-fund --loglevel error
    headers=$(dirname "$(dirname "$(node -p process.execPath)")")
    [ -e "$headers/include/node/node.h" ] && export npm_config_nodedir="$headers"
    npm rebuild --loglevel error @vscode/spdlog native-watchdog @parcel/watcher
    code=node_modules/code-server/lib/vscode
    ln -sfn ../../.. "$code/node_modules"
    ln -sfn ../../.. "$code/node_modules.asar"
    touch "$stamp"
fi
