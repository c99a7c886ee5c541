#!/usr/bin/env bash
# eventsource 4.1.1 (npm), the EventSource for Node: lastEventId of an event that has no id of its own, behind one that has.
#
# Guess: the last id of the stream, as the HTML standard has it and as undici 7.30.2 does. Seen: an empty text, although the header
# Last-Event-ID of the next connection has the right id. A program that keeps lastEventId of whatever came last, to go on there
# after a restart, begins anew.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund eventsource@4.1.1 undici@7.30.2
cat >probe.mjs <<'EOF'
import {once} from "node:events";
import http from "node:http";
import {EventSource} from "eventsource";
import {EventSource as EventSourceOfUndici} from "undici";

let asked = [];
const server = http.createServer((request, response) => {
  asked.push(request.headers["last-event-id"] ?? "nothing");
  response.writeHead(200, {"content-type": "text/event-stream"});
  // The end of the body makes the reader ask again.
  response.end("retry: 50\nid: 7\ndata: token\n\nevent: note\ndata: no id\n\n");
});
await once(server.listen(0, "127.0.0.1"), "listening");

for (const [name, Source] of [["eventsource", EventSource], ["undici", EventSourceOfUndici]]) {
  asked = [];
  const source = new Source("http://127.0.0.1:" + server.address().port);
  const [token, note] = await Promise.all([once(source, "message"), once(source, "note")]);
  await once(source, "note");
  source.close();
  console.log(name + ": token", JSON.stringify(token[0].lastEventId) + ", note", JSON.stringify(note[0].lastEventId) + ", asked for", asked.join(", "));
}
process.exit(0);
EOF

cat >expected <<'EOF'
eventsource: token "7", note "", asked for nothing, 7
undici: token "7", note "7", asked for nothing, 7
EOF

timeout 60 node --no-warnings probe.mjs >actual
cat actual
diff expected actual >&2 || { echo "changed: eventsource-forgets-the-last-id" >&2; exit 1; }
