#!/bin/sh
# The peers in Python and Node.js, of exact versions, below target. Run by Maven.
set -eu
python3 -m venv target/python
target/python/bin/pip install --quiet --disable-pip-version-check --requirement python/requirements.txt
mkdir -p target/node
cp node/package.json target/node/
npm install --prefix target/node --silent --no-audit --no-fund
