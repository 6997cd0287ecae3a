#!/bin/sh
# Make .venv with every extra, from the hashed lock. Says in one line what is missing, if anything.
# "setup.sh demo" leaves out what the demo does not need: Spark alone is 430 MB.
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
[ "${1:-}" != demo ] || lock=requirements-demo.lock

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python="$candidate"
        break
    fi
done
if [ -z "$python" ]; then
    echo "缺少 Python 3.11 或更新版本 / Python 3.11 or newer is missing: sudo apt install python3 python3-venv   (macOS: brew install python)" >&2
    exit 1
fi

# What the lock unpacks to, in MiB.
needed=2600
[ "$lock" = requirements.lock ] || needed=900
free=$(df -Pm . | awk 'NR == 2 { print $4 }')
if [ ! -x .venv/bin/liangming ] && [ "$free" -lt "$needed" ]; then
    echo "磁盘空间不足：需 $needed MiB，现有 $free MiB / not enough disk space: $needed MiB needed, $free MiB free" >&2
    exit 1
fi

rm -f .venv/.ready .venv/.demo
# The lock names every package, so nothing is resolved anew: asking would build Spark's source twice.
if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
    uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r "$lock"
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
    if [ ! -x .venv/bin/pip ]; then
        rm -rf .venv
        if ! "$python" -m venv .venv >/dev/null 2>&1; then
            rm -rf .venv
            echo "缺少 venv / Python's venv is missing: sudo apt install python3-venv" >&2
            exit 1
        fi
    fi
    echo "正在安装依赖，约一两分钟 / installing dependencies, a minute or two …"
    .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
touch .venv/.demo
[ "$lock" != requirements.lock ] || touch .venv/.ready
