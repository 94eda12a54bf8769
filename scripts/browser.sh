#!/bin/sh
# Makes sure that the browser test has a browser: one that is installed, or Debian's `chromium`
# from the system's packages. Says what to do where neither works.
set -eu

if [ -n "${LINDLEY_BROWSER:-}" ]; then
    command -v "$LINDLEY_BROWSER" >/dev/null || {
        echo "browser: LINDLEY_BROWSER names \`$LINDLEY_BROWSER\`, which is no program" >&2
        exit 1
    }
    exit 0
fi

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then
        exit 0
    fi
done

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo -n"
fi

if command -v apt-get >/dev/null; then
    echo "browser: none is installed; installing the package chromium" >&2
    if $as_root apt-get install -y --no-install-recommends chromium >&2 ||
        { $as_root apt-get update >&2 && $as_root apt-get install -y --no-install-recommends chromium >&2; }; then
        exit 0
    fi
fi

cat >&2 <<'END'
browser: the tests of the report need Chromium or Chrome, and it could not be installed here.
  Debian, Ubuntu:  sudo apt-get install chromium
  Fedora:          sudo dnf install chromium
  macOS:           brew install --cask chromium
or let LINDLEY_BROWSER name a Chromium or Chrome program.
END
exit 1
