#!/usr/bin/env bash
# Compares the API of every published module with that of the last release, which is the last tag vX.Y.Z before this commit,
# and fails on what would break users, in source or in binaries. Without such a tag there is nothing to compare.
#
#   [MODULES=core/api] [MVN=/path/to/mvn] dev/api-compatibility.sh [ARGUMENTS FOR MAVEN]
set -euo pipefail
cd "$(dirname "$0")/.."
tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)
if [ -z "$tag" ]; then
  echo "no release yet (no tag vX.Y.Z): no API to be compatible with"
  exit 0
fi
version=${tag#v}
# The modules of the BOM, and the BOM, are what is published.
modules=${MODULES:-$(sed -n 's|.*<artifactId>\(streamx[a-z-]*\)</artifactId>.*|:\1|p' core/bom/pom.xml | paste -sd, -)}
old=$(mktemp -d)
trap 'git worktree remove --force "$old/tree" 2>/dev/null; rm -rf "$old"' EXIT
echo "building $tag, to compare with"
git worktree add --quiet --detach "$old/tree" "$tag"
(cd "$old/tree" && "${MVN:-mvn}" -q -DskipTests -Dspotless.check.skip=true -pl "$modules" -am "$@" install)
echo "comparing with $version"
"${MVN:-mvn}" -q -DskipTests -Dspotless.check.skip=true -Dapi.baseline="$version" -pl "$modules" -am "$@" verify
echo "compatible with $version"
