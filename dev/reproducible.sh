#!/usr/bin/env bash
# Builds what is published twice, from the last commit, in two folders of different names, and compares every jar byte by byte.
# Ends with 0 when all are equal. About twice the time of a build without tests.
#
#   [MODULES=core/api,codegen/cli] [MVN=/path/to/mvn] dev/reproducible.sh [ARGUMENTS FOR MAVEN]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# The modules of the BOM, and the BOM, are what is published.
modules=${MODULES:-$(sed -n 's|.*<artifactId>\(streamx[a-z-]*\)</artifactId>.*|:\1|p' "$root"/core/bom/pom.xml | paste -sd, -)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for copy in first another-one; do
  git clone --quiet --no-hardlinks "$root" "$work/$copy"
  echo "building in $work/$copy"
  (cd "$work/$copy" && "${MVN:-mvn}" -q -Prelease -Dstreamx.rehearsal=true -DskipTests -Dspotless.check.skip=true \
      -pl "$modules" \
      -am "$@" package)
  (cd "$work/$copy" && find . -path '*/target/*' \( -name '*.jar' -o -name '*-cyclonedx.json' -o -path '*/target/bom.json' \) \
      -not -path '*/target/*/*/*' -type f | sort | xargs sha256sum) > "$work/$copy.sums"
done

count=$(wc -l < "$work/first.sums")
if diff "$work/first.sums" "$work/another-one.sums"; then
  echo "reproducible: $count files are equal"
else
  echo "not reproducible: see above" >&2
  exit 1
fi
