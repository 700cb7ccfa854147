#!/usr/bin/env bash
# Builds and tests everything, from a clean clone. The last line is "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1

if [ -z "${SAGE_CONFORMANCE_DATA:-}" ] && [ -d ../shared/conformance ]; then
  SAGE_CONFORMANCE_DATA=$(cd ../shared/conformance && pwd)
  export SAGE_CONFORMANCE_DATA
fi

wanted=$(sed -n 's/.*"version": *"\(.*\)".*/\1/p' global.json)
if ! command -v dotnet > /dev/null; then
  echo "The .NET SDK $wanted (global.json) is needed and 'dotnet' is not on the PATH." >&2
  exit 1
fi

if ! dotnet --version > /dev/null 2>&1; then
  echo "The .NET SDK $wanted (global.json) is needed; installed are:" >&2
  dotnet --list-sdks >&2 || true
  exit 1
fi

# The interop tests talk to other implementations, which run on Node (some come from npm), and to applications behind nginx. The
# nonces of several nodes are in Redis. Chromium looks at the page of the API.
missing=()
command -v node > /dev/null || missing+=(nodejs)
command -v npm > /dev/null || missing+=(npm)
command -v nginx > /dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v redis-server > /dev/null || missing+=(redis-server)
[ -n "${SAGE_CHROMIUM:-}" ] || command -v chromium > /dev/null || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "The tests need Node 18 or later with npm, nginx, redis-server and chromium: apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi

  apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

# The tests of the databases start a PostgreSQL server of their own.
if ! command -v initdb > /dev/null && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null && [ -z "${SAGE_POSTGRES_BIN:-}" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "The tests need PostgreSQL: apt-get install -y --no-install-recommends postgresql, or name the folder of initdb in SAGE_POSTGRES_BIN" >&2
    exit 1
  fi

  apt-get update -q && apt-get install -y -q --no-install-recommends postgresql
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# The tests of the alerts need promtool. It is taken out of the package, which would start a server if it were installed.
if ! command -v promtool > /dev/null && [ -z "${SAGE_PROMTOOL:-}" ]; then
  if ! command -v apt-get > /dev/null; then
    echo "The tests of the alerts need promtool of Prometheus: put it on the path, or name it in SAGE_PROMTOOL" >&2
    exit 1
  fi

  mkdir "$results/prometheus"
  [ "$(id -u)" -ne 0 ] || apt-get update -q
  (cd "$results/prometheus" && apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb .)
  export SAGE_PROMTOOL="$results/prometheus/usr/bin/promtool"
fi
failures=()

step() {
  echo
  echo "== $*"
}

step "restore"
dotnet restore Sage.sln --locked-mode

step "build (at $SECONDS s)"
# One compiler for all projects, which is warm after the first; without node reuse there would be a new one for each.
status=0
dotnet build Sage.sln -c Release --no-restore -warnaserror -v quiet -p:UseSharedCompilation=true || status=$?
dotnet build-server shutdown --vbcscompiler > /dev/null
[ $status -eq 0 ]

passed=0 failed=0 skipped=0
counter() {
  sed -n "s/.*<Counters.* $2=\"\([0-9]*\)\".*/\1/p" "$1"
}

# The contracts have their own tests, by tools that npm installs; the tests of the Ethereum client start the node that comes with
# them, so they come first. Adds them to the totals.
contracts() {
  if ! command -v npm > /dev/null; then
    echo "The contracts need Node 18 or later with npm: cd contracts && npm ci && npm test && npm run abi" >&2
    return 1
  fi

  local log="$results/contracts.log" status=0 summary
  npm --prefix contracts ci --no-audit --no-fund || return 1
  npm --prefix contracts test --silent > "$log" 2>&1 || status=1
  summary=$(sed -n 's/.*: \([0-9]*\) tests passed, \([0-9]*\) failed, \([0-9]*\) skipped (.*/\1 \2 \3/p' "$log" | tail -n 1)
  if [ $status -ne 0 ] || [ -z "$summary" ]; then
    cat "$log" >&2
  fi

  local good bad omitted
  read -r good bad omitted <<< "${summary:-0 0 0}"
  echo "$good passed, $bad failed, $omitted skipped"
  passed=$((passed + good))
  failed=$((failed + bad))
  skipped=$((skipped + omitted))
  npm --prefix contracts run abi --silent || status=1
  [ $status -eq 0 ] && [ "$good" -gt 0 ]
}

step "test contracts (at $SECONDS s)"
contracts || failures+=("contracts")

# A job writes to a log of its own, which is printed when the job is over: two at a time, since most of the tests wait for processes.
running=()
launch() {
  local job=$1
  shift
  while [ ${#running[@]} -ge 2 ]; do
    collect
  done

  (if "$@" > "$results/$job.log" 2>&1; then touch "$results/$job.passed"; else touch "$results/$job.failed"; fi) &
  running+=("$job")
}

# Waits until a job is over, prints what it said and adds to the totals.
collect() {
  local job left=() status=0
  wait -n || status=$?
  if [ $status -eq 127 ]; then
    # None is left that could still finish: somebody has killed them.
    failures+=("${running[@]}")
    running=()
    return
  fi

  for job in "${running[@]}"; do
    if [ -f "$results/$job.passed" ] || [ -f "$results/$job.failed" ]; then
      step "$job (at $SECONDS s)"
      cat "$results/$job.log"
      [ -f "$results/$job.passed" ] || failures+=("$job")
      count "$job"
    else
      left+=("$job")
    fi
  done
  running=("${left[@]}")
}

count() {
  local trx="$results/$1.trx" total executed good
  if [[ $1 != *.Tests ]]; then
    return
  elif [ ! -f "$trx" ]; then
    failures+=("$1 (no result)")
    return
  fi

  total=$(counter "$trx" total)
  executed=$(counter "$trx" executed)
  good=$(counter "$trx" passed)
  if [ "$executed" -eq 0 ]; then
    failures+=("$1 (no test ran)")
  fi

  # A skipped test counts in the total alone; whatever ran and did not pass has failed.
  passed=$((passed + good))
  failed=$((failed + executed - good))
  skipped=$((skipped + total - executed))
}

aot_smoke() {
  if ! command -v clang > /dev/null && ! command -v gcc > /dev/null; then
    if [ "$(id -u)" -ne 0 ]; then
      echo "Native compilation needs a linker: apt-get install -y clang zlib1g-dev" >&2
      return 1
    fi

    apt-get update -q && apt-get install -y -q --no-install-recommends clang zlib1g-dev || return 1
  fi

  local log="$results/aot.log"
  dotnet publish tests/Sage.AotSmoke -c Release -r linux-x64 --no-restore -v minimal -o "$results/aot" > "$log" 2>&1 || {
    cat "$log" >&2
    return 1
  }

  if grep -E 'warning|\bIL[0-9]{4}\b' "$log" >&2; then
    return 1
  fi

  "$results/aot/Sage.AotSmoke"
}

dotnet_test() {
  dotnet test "tests/$1/bin/Release/net10.0/$1.dll" \
    --logger "trx;LogFileName=$1.trx" --logger "console;verbosity=minimal" --results-directory "$results"
}

# The longest come first, so that the two lanes end at about the same time.
launch Sage.Interop.Tests dotnet_test Sage.Interop.Tests
if [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ]; then
  launch "native smoke test" aot_smoke
fi

launch "format" dotnet format Sage.sln --verify-no-changes --no-restore
first=(Sage.AgentHost.Tests Sage.Conventions.Tests Sage.Cli.Tests Sage.AspNetCore.Tests)
others=()
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  [[ " Sage.Interop.Tests ${first[*]} " == *" $name "* ]] || others+=("$name")
done

for name in "${first[@]}" "${others[@]}"; do
  launch "$name" dotnet_test "$name"
done

while [ ${#running[@]} -gt 0 ]; do
  collect
done

echo
if [ ${#failures[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failures[@]}"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ ${#failures[@]} -eq 0 ] && [ "$failed" -eq 0 ]
