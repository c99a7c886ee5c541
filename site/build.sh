#!/usr/bin/env bash
# Builds the guides and the Javadoc into target/site: open target/site/index.html. Needs Python 3.10 or later and npm, and for the
# Javadoc Maven and the modules in the local repository (mvn -q -DskipTests install); the network the first time. The result needs
# no network.
set -euo pipefail
cd "$(dirname "$0")"
venv=../target/site-venv
made_of=$(cksum requirements.txt)
if [ "$(cat "$venv/made-of" 2>/dev/null)" != "$made_of" ]; then
  rm -rf "$venv"
  mkdir -p "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
  # Browsers start no worker from file:, and search runs in one. This file gives them another way.
  (cd "$venv" && npm pack --silent iframe-worker@1.0.4 >/dev/null && tar xzf iframe-worker-1.0.4.tgz package/shim/index.js package/LICENSE)
  echo "$made_of" >"$venv/made-of"
fi
"$venv/bin/python" check.py
"$venv/bin/python" javadoc.py
NO_MKDOCS_2_WARNING=1 "$venv/bin/mkdocs" build --strict --quiet
mkdir -p ../target/site/assets
cp "$venv/package/shim/index.js" ../target/site/assets/iframe-worker-shim.js
cp "$venv/package/LICENSE" ../target/site/assets/iframe-worker-LICENSE
cp -r ../target/site-javadoc ../target/site/javadoc
rm ../target/site/javadoc/made-of
"$venv/bin/python" check.py --built ../target/site
echo "target/site/index.html"
