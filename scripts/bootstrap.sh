#!/bin/sh
# Make .venv as requirements.lock says, with the members of the workspace installed editable; with
# the name of an extra, .venv-<extra>, with what requirements-<extra>.lock says beside it.
# Needs Python 3.11 or newer with pip or ensurepip; nothing is written outside this folder but caches.
# A second call with nothing changed returns at once.
set -eu

cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
EXTRA=${1:-}
VENV=.venv${EXTRA:+-$EXTRA}
STAMP=$VENV/.premia-bootstrap

say() { printf '%s\n' "$*"; }
fail() { printf 'bootstrap: %s\n' "$*" >&2; exit 1; }

find_python() {
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
        # Asked for its own path: a shim of a version switcher need not lead where its name says.
        found=$("$candidate" -c 'import sys; sys.version_info >= (3, 11) and print(sys.executable)' \
            2>/dev/null) || continue
        if [ -n "$found" ]; then
            printf '%s\n' "$found"
            return
        fi
    done
    fail "${PYTHON:+PYTHON=$PYTHON: }no Python 3.11 or newer found; install one, or name it: make PYTHON=/path/to/python3.11"
}

fingerprint() {
    # cksum is in POSIX; this tells whether something changed, it is no protection.
    cat requirements.lock ${EXTRA:+"requirements-$EXTRA.lock"} scripts/bootstrap.sh \
        libs/*/pyproject.toml apps/*/pyproject.toml services/*/pyproject.toml | cksum
    pwd
}

install_uv() {
    if [ -x .tools/bin/uv ] && [ "$(.tools/bin/uv --version | cut -d' ' -f2)" = "$UV_VERSION" ]; then
        return
    fi
    rm -rf .tools
    if "$python" -m pip --version >/dev/null 2>&1; then
        pip_install "$python" -m pip
        return
    fi
    # Without pip there may still be the copy that Python carries for making environments.
    bundled=$("$python" -c 'import ensurepip, pathlib
print(next((pathlib.Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")))' 2>/dev/null) ||
        fail "$python has neither pip nor ensurepip; install pip for it (on Debian: python3-pip)"
    pip_install env PYTHONPATH="$bundled" "$python" -m pip
}

pip_install() {
    "$@" install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools \
        "uv==$UV_VERSION" || fail "uv $UV_VERSION could not be installed; its reason is above"
}

if [ -f "$STAMP" ] && [ -x "$VENV/bin/python" ] && [ "$(fingerprint)" = "$(cat "$STAMP")" ]; then
    exit 0
fi

python=$(find_python)
say "Preparing $VENV with $python"
install_uv
# The system's certificates, so that a company's own authority is believed as pip believes it.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" UV_LINK_MODE="${UV_LINK_MODE:-copy}" UV_NO_PROGRESS=1
# Only this folder decides what is installed, not an environment that happens to be active.
unset VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME 2>/dev/null || true
uv=.tools/bin/uv

# The commands in its bin hold its path: an environment that was moved is made anew.
if [ -f "$STAMP" ] && [ "$(tail -n 1 "$STAMP")" != "$(pwd)" ]; then
    rm -rf "$VENV"
fi
rm -f "$STAMP"
if ! [ -x "$VENV/bin/python" ] || ! "$VENV/bin/python" -c '' 2>/dev/null; then
    "$uv" venv --quiet --clear --no-project --python "$python" "$VENV"
fi
"$uv" pip sync --quiet --python "$VENV/bin/python" --require-hashes requirements.lock \
    ${EXTRA:+"requirements-$EXTRA.lock"}
set --
for project in libs/*/pyproject.toml apps/*/pyproject.toml services/*/pyproject.toml; do
    set -- "$@" --editable "$(dirname "$project")"
done
# The build backend is one of the locked packages: nothing more is fetched here.
"$uv" pip install --quiet --python "$VENV/bin/python" --no-deps --no-build-isolation "$@"
fingerprint >"$STAMP"
say "Ready: $VENV ($("$VENV/bin/python" --version))"
