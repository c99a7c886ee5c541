#!/usr/bin/env bash
# @microsoft/fetch-event-source 2.0.1 (browsers, here in Node), Spring WebFlux 7.0.10 and Jersey 4.0.2 as readers of server-sent
# events: a comment between two events, which is how servers keep a quiet stream alive.
#
# Guess: a comment is nothing that a program hears of, as the HTML standard has it and as eventsource-parser 3.1.1, OkHttp 5.2.1
# and httpx-sse 0.4.3 do. Seen: each hands out an event more: fetch-event-source one with empty data, Spring a ServerSentEvent
# without data, Jersey one with empty data. Who reads data as JSON fails at the first heartbeat, and fetch-event-source takes an
# error of onmessage for one of the connection: it makes the whole request, a POST, again and again, and the first tokens come anew.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund @microsoft/fetch-event-source@2.0.1 eventsource-parser@3.1.1
cat >pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>probe</groupId>
  <artifactId>probe</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.springframework</groupId>
      <artifactId>spring-webflux</artifactId>
      <version>7.0.10</version>
    </dependency>
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

let requests = 0;
const server = http.createServer((request, response) => {
  if (request.url === "/requests") {
    response.end(String(requests));
    return;
  }
  requests += request.method === "POST" ? 1 : 0;
  response.writeHead(200, {"content-type": "text/event-stream"});
  response.end('data: {"text":"one"}\n\n: heartbeat\n\ndata: {"text":"two"}\n\n');
});
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
EOF

cat >probe.mjs <<'EOF'
import {createParser} from "eventsource-parser";
import {fetchEventSource} from "@microsoft/fetch-event-source";

// What the library looks for in a browser.
globalThis.window = {setTimeout: setTimeout.bind(globalThis), clearTimeout: clearTimeout.bind(globalThis), fetch};
globalThis.document = {hidden: false, addEventListener() {}, removeEventListener() {}};
const address = process.argv[2];

let data = [];
createParser({onEvent: (event) => data.push(event.data)}).feed(await (await fetch(address)).text());
console.log("eventsource-parser:", JSON.stringify(data));

data = [];
await fetchEventSource(address, {openWhenHidden: true, onmessage: (event) => data.push(event.data)});
console.log("fetch-event-source:", JSON.stringify(data));

const texts = [];
const stop = new AbortController();
await fetchEventSource(address, {
  method: "POST",
  openWhenHidden: true,
  signal: stop.signal,
  onmessage(event) {
    if (texts.length === 3) {
      stop.abort();
    } else {
      texts.push(JSON.parse(event.data).text);
    }
  },
});
const requests = await (await fetch(address + "/requests")).text();
console.log("fetch-event-source with JSON:", texts.join(" "), "by", requests, "requests, until it is stopped");
EOF

cat >Probe.java <<'EOF'
import jakarta.ws.rs.client.ClientBuilder;
import java.util.ArrayList;
import java.util.List;
import org.glassfish.jersey.media.sse.EventInput;
import org.glassfish.jersey.media.sse.SseFeature;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

public class Probe {
    public static void main(String[] args) {
        List<String> data = new ArrayList<>();
        WebClient.builder().clientConnector(new JdkClientHttpConnector()).build().get().uri(args[0]).retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
                .toStream().forEach(event -> data.add(event.data()));
        System.out.println("Spring WebFlux: " + data);

        data.clear();
        EventInput events = ClientBuilder.newClient().register(SseFeature.class).target(args[0]).request().get(EventInput.class);
        for (var event = events.read(); event != null; event = events.read()) {
            data.add('"' + event.readData() + '"');
        }
        System.out.println("Jersey: " + data);
        System.exit(0);
    }
}
EOF

cat >expected <<'EOF'
eventsource-parser: ["{\"text\":\"one\"}","{\"text\":\"two\"}"]
fetch-event-source: ["{\"text\":\"one\"}","","{\"text\":\"two\"}"]
fetch-event-source with JSON: one one one by 3 requests, until it is stopped
Spring WebFlux: [{"text":"one"}, null, {"text":"two"}]
Jersey: ["{"text":"one"}", "", "{"text":"two"}"]
EOF

node server.mjs >address &
server=$!
until [ -s address ]; do kill -0 "$server"; sleep 0.1; done
node probe.mjs "$(cat address)" >actual
java -cp "$(cat classpath)" Probe.java "$(cat address)" >>actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: sse-heartbeat-becomes-an-event" >&2; exit 1; }
