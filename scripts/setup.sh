# Sourced by the scripts beside it: puts what they need into .tools and .venv of this checkout, and nowhere else.
# Works on a bare Debian 12, as root or as a user, with or without a home folder. A second run only compares a stamp.
# shellcheck shell=sh

cd "$(dirname "$0")/.." || exit
root=$(pwd)

# Whatever the caller's shell says, modules are compiled: without that every start takes three times as long.
unset PYTHONDONTWRITEBYTECODE VIRTUAL_ENV PYTHONPATH PYTHONHOME

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$(basename "$0"): $*"
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

have() { command -v "$1" >/dev/null 2>&1; }

# Debian packages: installed when this is root, asked for when it is not.
need_packages() {
    if ! is_root || ! have apt-get; then
        fail "this machine lacks $*. Install it first: apt-get install $*"
    fi
    say "Installing Debian packages: $*"
    _install_packages "$@" || {
        apt-get update >/dev/null </dev/null || fail "apt-get update failed: is a Debian mirror reached?"
        _install_packages "$@" || fail "apt-get install $* failed: run it by hand to see why"
    }
}

_install_packages() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" </dev/null >/dev/null 2>&1
}

_is_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

_find_python() {
    for python in python3 /usr/bin/python3 python3.11 python3.12 python3.13 python3.14; do
        if _is_python "$python"; then return; fi
    done
    need_packages python3 python3-pip
    python=/usr/bin/python3
    _is_python "$python" || fail "kcc needs Python 3.11 or newer, and this machine has $("$python" --version)"
}

_find_pip() {
    for pip in "$python" /usr/bin/python3; do
        if "$pip" -m pip --version >/dev/null 2>&1; then return; fi
    done
    need_packages python3-pip
    pip=/usr/bin/python3
}

# uv goes into .tools: pip may not install into Debian's own Python, and there may be no venv module.
_get_uv() {
    _find_pip
    eval "$("$pip" -m pip config list 2>/dev/null | "$python" scripts/pip_settings.py)"
    uv="$root/.tools/bin/uv"
    if "$uv" --version >/dev/null 2>&1 && cmp -s scripts/uv.txt .tools/uv.txt; then return; fi
    say "Fetching uv"
    PIP_CACHE_DIR="$root/.tools/cache/pip" PIP_REQUIRE_VIRTUALENV=0 PIP_USER=0 PIP_ROOT_USER_ACTION=ignore \
        "$pip" -m pip --disable-pip-version-check install --quiet --upgrade --target .tools \
        --require-hashes --requirement scripts/uv.txt ||
        fail "pip could not fetch uv: is a Python package index reached?"
    cp scripts/uv.txt .tools/uv.txt
}

# What decides the content of .venv; the folder's own name too, since scripts in it hold it.
_stamp() {
    cat requirements.txt requirements-dev.txt pyproject.toml hatch_build.py scripts/uv.txt \
        src/kcc/web/package-lock.json src/kcc/web/static/*.css | cksum
    printf '%s\n' "$root"
}

_stamped() { # runtime or dev
    [ -f ".venv/.kcc-$1" ] && [ "$(cat ".venv/.kcc-$1")" = "$(_stamp)" ] && .venv/bin/python -c '' 2>/dev/null &&
        [ -f src/kcc/web/static/vendor/manifest.json ]
}

_install() { # runtime or dev
    # Nothing is looked for in a home folder that may be closed, and no Python is fetched.
    export UV_CACHE_DIR="$root/.tools/cache/uv" UV_PYTHON_INSTALL_DIR="$root/.tools/python"
    export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
    # The build's own requirements come from the same pinned list.
    export UV_BUILD_CONSTRAINT="$root/requirements-dev.txt"
    case $1 in
    runtime) requirements="requirements.txt" ;;
    *) requirements="requirements-dev.txt" ;;
    esac
    _find_python
    _get_uv
    rm -f .venv/.kcc-runtime .venv/.kcc-dev
    # Made anew when its Python is gone or the checkout was moved: the commands in it hold its address.
    if ! .venv/bin/python -c '' 2>/dev/null || ! grep -qF "$root/.venv" .venv/bin/activate 2>/dev/null; then
        "$uv" venv --quiet --clear --python "$python" .venv || fail "no virtual environment could be made"
    fi
    say "Installing $requirements"
    "$uv" pip sync --quiet --compile-bytecode --require-hashes "$requirements" ||
        fail "the Python packages could not be installed: is a Python package index reached?"
    say "Building the front end"
    "$uv" pip install --quiet --no-deps --editable . || fail "kcc itself could not be installed"
    .venv/bin/python -m compileall -q src/kcc || fail "the sources do not compile"
    _stamp >".venv/.kcc-$1"
}

# set_up runtime: what serving needs. set_up dev: what tests and checks need as well.
set_up() {
    if _stamped dev || { [ "$1" = runtime ] && _stamped runtime; }; then return; fi
    kind=$1
    if [ -f .venv/.kcc-dev ] || [ -x .venv/bin/pytest ]; then kind=dev; fi # brought up to date as it is
    mkdir -p .tools
    if have flock; then # two scripts at once take turns
        exec 9>.tools/lock
        flock 9
        _stamped "$kind" || _install "$kind"
        exec 9>&-
    else
        _install "$kind"
    fi
}
