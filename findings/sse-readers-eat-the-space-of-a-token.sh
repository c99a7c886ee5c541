#!/usr/bin/env bash
# requests-sse 0.5.3 and aiohttp-sse-client2 0.3.0 (Python), fetch-event-stream 0.1.6 (npm) and Jersey 4.0.2 as readers of
# server-sent events whose data are the tokens of a model, of which most begin with a space.
#
# Guess: one space behind the colon belongs to the format and is taken off, the rest is data, as the HTML standard has it and as
# httpx-sse 0.4.3 and eventsource-parser 3.1.1 do. Seen: all four take off every space, so a text comes out without the spaces
# between its words; fetch-event-stream takes tabs as well.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check aiohttp==3.14.5 aiohttp-sse-client2==0.3.0 httpx==0.28.1 httpx-sse==0.4.3 \
    requests==2.34.2 requests-sse==0.5.3
npm install --silent --no-audit --no-fund fetch-event-stream@0.1.6 eventsource-parser@3.1.1
cat >pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>probe</groupId>
  <artifactId>probe</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.glassfish.jersey.media</groupId>
      <artifactId>jersey-media-sse</artifactId>
      <version>4.0.2</version>
    </dependency>
    <dependency>
      <groupId>org.glassfish.jersey.core</groupId>
      <artifactId>jersey-client</artifactId>
      <version>4.0.2</version>
    </dependency>
    <dependency>
      <groupId>org.glassfish.jersey.inject</groupId>
      <artifactId>jersey-hk2</artifactId>
      <version>4.0.2</version>
    </dependency>
  </dependencies>
</project>
EOF
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath

cat >server.mjs <<'EOF'
import http from "node:http";

const server = http.createServer((request, response) => {
  response.writeHead(200, {"content-type": "text/event-stream"});
  response.end(["Tokens", " keep", " their", "\ttab", " and", "  two"].map((token) => "data: " + token + "\n\n").join(""));
});
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
EOF

cat >probe.mjs <<'EOF'
import {createParser} from "eventsource-parser";
import {events} from "fetch-event-stream";

const address = process.argv[2];
let text = "";
createParser({onEvent: (event) => (text += event.data)}).feed(await (await fetch(address)).text());
console.log("eventsource-parser:", JSON.stringify(text));

text = "";
for await (const event of events(await fetch(address))) {
  text += event.data;
}
console.log("fetch-event-stream:", JSON.stringify(text));
EOF

cat >probe.py <<'EOF'
import asyncio
import json
import sys

import aiohttp_sse_client2.client
import httpx
import httpx_sse
import requests_sse

TOKENS = 6
address = sys.argv[1]

with httpx.Client() as client, httpx_sse.connect_sse(client, "GET", address) as source:
    print("httpx-sse:", json.dumps("".join(event.data for event in source.iter_sse())))

# The other two ask again after the end, as EventSource does, so they are left after the last token.
with requests_sse.EventSource(address) as source:
    print("requests-sse:", json.dumps("".join(event.data for event, _ in zip(source, range(TOKENS)))))


async def tokens():
    text = []
    async with aiohttp_sse_client2.client.EventSource(address) as source:
        async for event in source:
            text.append(event.data)
            if len(text) == TOKENS:
                return text


print("aiohttp-sse-client2:", json.dumps("".join(asyncio.run(tokens()))))
EOF

cat >Probe.java <<'EOF'
import jakarta.ws.rs.client.ClientBuilder;
import org.glassfish.jersey.media.sse.EventInput;
import org.glassfish.jersey.media.sse.SseFeature;

public class Probe {
    public static void main(String[] args) {
        StringBuilder text = new StringBuilder();
        EventInput events = ClientBuilder.newClient().register(SseFeature.class).target(args[0]).request().get(EventInput.class);
        for (var event = events.read(); event != null; event = events.read()) {
            text.append(event.readData());
        }
        System.out.println("Jersey: \"" + text.toString().replace("\t", "\\t") + '"');
        System.exit(0);
    }
}
EOF

cat >expected <<'EOF'
eventsource-parser: "Tokens keep their\ttab and  two"
fetch-event-stream: "Tokenskeeptheirtabandtwo"
httpx-sse: "Tokens keep their\ttab and  two"
requests-sse: "Tokenskeeptheir\ttabandtwo"
aiohttp-sse-client2: "Tokenskeeptheir\ttabandtwo"
Jersey: "Tokenskeeptheir\ttabandtwo"
EOF

node server.mjs >address &
server=$!
until [ -s address ]; do kill -0 "$server"; sleep 0.1; done
node probe.mjs "$(cat address)" >actual
venv/bin/python probe.py "$(cat address)" >>actual 2>log || { cat log >&2; exit 1; }
java -cp "$(cat classpath)" Probe.java "$(cat address)" >>actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: sse-readers-eat-the-space-of-a-token" >&2; exit 1; }
