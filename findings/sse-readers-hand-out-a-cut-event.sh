#!/usr/bin/env bash
# sseclient-py 1.9.0, parse-sse 0.1.0 (npm), Spring WebFlux 7.0.10, Jersey 4.0.2 and LangChain4j 1.19.0 as readers of server-sent
# events: a body that ends within an event, as one does that a proxy's limit of time ends or that lasts as long as its connection.
#
# Guess: an event counts when its blank line has come, and what has none is dropped, as the HTML standard has it and as httpx-sse
# 0.4.3 and eventsource-parser 3.1.1 do. Seen: all five hand out what there is as an event like any other, cut within its data,
# and end well. LangChain4j moreover drops an event whose data is empty, and gives its name to the event behind it: "tool" here.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check httpx==0.28.1 httpx-sse==0.4.3 sseclient-py==1.9.0
npm install --silent --no-audit --no-fund parse-sse@0.1.0 eventsource-parser@3.1.1
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
      <groupId>dev.langchain4j</groupId>
      <artifactId>langchain4j-http-client</artifactId>
      <version>1.19.0</version>
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

const bodies = {
  // The second event was to be "data: transfer 200" and its blank line.
  "/cut": "data: transfer 100\n\ndata: transfer 2",
  "/named": "event: tool\ndata:\n\ndata: 1\n\n",
};
const server = http.createServer((request, response) => {
  response.writeHead(200, {"content-type": "text/event-stream"});
  response.end(bodies[request.url]);
});
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
EOF

cat >probe.mjs <<'EOF'
import {createParser} from "eventsource-parser";
import {parseServerSentEvents} from "parse-sse";

const address = process.argv[2];
let data = [];
createParser({onEvent: (event) => data.push(event.data)}).feed(await (await fetch(address + "/cut")).text());
console.log("eventsource-parser:", data.join(", "));

data = [];
for await (const event of parseServerSentEvents(await fetch(address + "/cut"))) {
  data.push(event.data);
}
console.log("parse-sse:", data.join(", "));
EOF

cat >probe.py <<'EOF'
import sys

import httpx
import httpx_sse
import sseclient

address = sys.argv[1]
with httpx.Client() as client:
    with httpx_sse.connect_sse(client, "GET", address + "/cut") as source:
        print("httpx-sse:", ", ".join(event.data for event in source.iter_sse()))
    with client.stream("GET", address + "/cut") as response:
        print("sseclient-py:", ", ".join(event.data for event in sseclient.SSEClient(response.iter_bytes()).events()))
EOF

cat >Probe.java <<'EOF'
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import jakarta.ws.rs.client.ClientBuilder;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.glassfish.jersey.media.sse.EventInput;
import org.glassfish.jersey.media.sse.SseFeature;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

public class Probe {
    public static void main(String[] args) throws Exception {
        String cut = args[0] + "/cut";
        System.out.println("Spring WebFlux: " + String.join(", ", WebClient.builder()
                .clientConnector(new JdkClientHttpConnector()).build().get().uri(cut).retrieve()
                .bodyToFlux(new ParameterizedTypeReference<org.springframework.http.codec.ServerSentEvent<String>>() {})
                .map(event -> event.data()).collectList().block()));

        List<String> data = new ArrayList<>();
        EventInput events = ClientBuilder.newClient().register(SseFeature.class).target(cut).request().get(EventInput.class);
        for (var event = events.read(); event != null; event = events.read()) {
            data.add(event.readData());
        }
        System.out.println("Jersey: " + String.join(", ", data));

        System.out.println("LangChain4j: " + String.join(", ", langChain4j(cut)));
        System.out.println("LangChain4j, an event without data and one without name: "
                + String.join(", ", langChain4j(args[0] + "/named")));
        System.exit(0);
    }

    private static List<String> langChain4j(String address) throws Exception {
        List<String> data = new ArrayList<>();
        try (InputStream body = URI.create(address).toURL().openStream()) {
            new DefaultServerSentEventParser().parse(body, new ServerSentEventListener() {
                @Override
                public void onEvent(ServerSentEvent event) {
                    data.add((event.event() == null ? "" : event.event() + " ") + event.data());
                }

                @Override
                public void onError(Throwable error) {
                    data.add(error.toString());
                }
            });
        }
        return data;
    }
}
EOF

cat >expected <<'EOF'
eventsource-parser: transfer 100
parse-sse: transfer 100, transfer 2
httpx-sse: transfer 100
sseclient-py: transfer 100, transfer 2
Spring WebFlux: transfer 100, transfer 2
Jersey: transfer 100, transfer 2
LangChain4j: transfer 100, transfer 2
LangChain4j, an event without data and one without name: tool 1
EOF

node server.mjs >address &
server=$!
until [ -s address ]; do kill -0 "$server"; sleep 0.1; done
node probe.mjs "$(cat address)" >actual
venv/bin/python probe.py "$(cat address)" >>actual 2>log || { cat log >&2; exit 1; }
java -cp "$(cat classpath)" Probe.java "$(cat address)" >>actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: sse-readers-hand-out-a-cut-event" >&2; exit 1; }
