#!/usr/bin/env bash
# Installs the servers that the tests run against and runs all tests.
#
#   ./test.sh [--no-servers] [--filter EXPRESSION]
#
# The first run takes up to 20 minutes, because Kubernetes' API server is compiled; later ones find it kept in
# BACKUP_FUNCTIONS_TEST_CACHE (~/.cache/backup-functions-tests). The tests of a server that cannot be had on this
# machine are skipped by name; with CI=true they fail. The last line is "N passed, N failed[, N skipped]".
set -euo pipefail
cd "$(dirname "$0")"

servers=(tools azurite etcd ceph-gateway kube-apiserver)
arguments=()
while (($# > 0)); do
  case "$1" in
    --no-servers) servers=() ;;
    --filter)
      if (($# < 2)); then
        echo "--filter needs an expression, such as FullyQualifiedName~Peers" >&2
        exit 2
      fi
      arguments+=(--filter "$2")
      shift
      ;;
    *)
      echo "unknown argument '$1'; known are --no-servers and --filter EXPRESSION" >&2
      exit 2
      ;;
  esac
  shift
done

if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
  echo "the .NET SDK 10 is needed and 'dotnet --list-sdks' does not show it" >&2
  exit 1
fi

for server in "${servers[@]}"; do
  if ! "tests/servers/$server.sh"; then
    echo "[test] $server could not be installed: its tests will be skipped, or fail if CI=true" >&2
  fi
done

results="$PWD/TestResults"
rm -rf "$results"
mkdir "$results"
echo "[test] building"
status=0
dotnet build tests/Backup.Functions.Tests.csproj --configuration Release --nologo --verbosity minimal || status=$?
if ((status == 0)); then
  echo "[test] running"
  # A test that hangs ends the run, with its name, instead of the watcher's patience.
  dotnet test tests/Backup.Functions.Tests.csproj --configuration Release --no-build --nologo \
    --results-directory "$results" --logger trx --logger "console;verbosity=normal" \
    --blame-hang --blame-hang-timeout 15m --blame-hang-dump-type none "${arguments[@]}" || status=$?
  if ((${#arguments[@]} == 0)); then
    # The hashes and splitters choose by processor: what lesser ones run is met by switching this one's abilities off.
    for ability in DOTNET_EnableAVX512 DOTNET_EnableAVX2; do
      echo "[test] the hashes and splitters once more with $ability=0"
      env "$ability=0" dotnet test tests/Backup.Functions.Tests.csproj --configuration Release --no-build --nologo \
        --results-directory "$results" --logger "trx;LogFilePrefix=$ability" \
        --filter 'FullyQualifiedName~Repository.Hashing|FullyQualifiedName~Repository.Splitting' || status=$?
    done
  fi
fi

# What failed is told once more at the end, where it is seen: the runner's own words lie thousands of lines above.
tell_failures() {
  awk '
    /<UnitTestResult / {
      telling = match($0, /outcome="[A-Z][A-Za-z]*"/) && substr($0, RSTART) !~ /^outcome="(Passed|NotExecuted)"/
      if (telling && match($0, /testName="[^"]*"/)) { text("[test] failed: " substr($0, RSTART + 10, RLENGTH - 11)) }
      lines = 0
      next
    }
    /<\/UnitTestResult>/ { telling = 0 }
    telling && lines++ < 60 { text($0) }
    function text(line) {
      gsub(/<\/?[A-Za-z]+>/, "", line)
      gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&quot;/, "\"", line); gsub(/&#xD;/, "", line)
      gsub(/&amp;/, "\\&", line)
      if (line ~ /[^ ]/) { print line }
    }' "$1"
}

passed=0 failed=0 skipped=0
while IFS= read -r -d '' report; do
  count() { { grep --only-matching --extended-regexp "<UnitTestResult [^>]*outcome=\"($1)\"" "$report" || true; } | wc -l; }
  passed=$((passed + $(count 'Passed')))
  skipped=$((skipped + $(count 'NotExecuted')))
  failed=$((failed + $(count '[A-Z][A-Za-z]*') - $(count 'Passed|NotExecuted')))
  tell_failures "$report"
done < <(find "$results" -name '*.trx' -print0)

if ((status != 0 && failed == 0)); then
  echo "[test] the build or the run itself broke (exit status $status), which counts as one failure" >&2
  failed=1
fi
if ((passed + failed == 0)); then
  echo "[test] no test ran" >&2
  status=1
fi
if ((failed > 0)); then
  status=1
fi
if ((skipped > 0)); then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
exit "$status"
