#!/usr/bin/env bash
# Vert.x gRPC client 5.0.7: the text of a status that comes behind a message or a header, from a server of grpcio 1.85.3.
#
# Guess: statusMessage() is the server's text, whenever the call fails. Seen: only where the answer is nothing but a status
# (Trailers-Only). A stream that fails after its first message, or a call whose handler has sent its header, has the right code
# and null for the text. The text stands in trailers() only, under grpc-message and still percent-encoded.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check grpcio==1.85.3
cat >pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>probe</groupId>
  <artifactId>probe</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.vertx</groupId>
      <artifactId>vertx-grpc-client</artifactId>
      <version>5.0.7</version>
    </dependency>
  </dependencies>
</project>
EOF
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath

cat >server.py <<'EOF'
import grpc
from concurrent import futures


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        return grpc.unary_stream_rpc_method_handler(getattr(self, details.method.rsplit("/", 1)[1]))

    def AtOnce(self, request, context):
        context.abort(grpc.StatusCode.NOT_FOUND, "no such book: Ärger")
        yield b""

    def AfterHeader(self, request, context):
        context.send_initial_metadata([("x-shelf", "3")])
        context.abort(grpc.StatusCode.NOT_FOUND, "no such book: Ärger")
        yield b""

    def AfterMessage(self, request, context):
        yield b"page 1"
        context.abort(grpc.StatusCode.NOT_FOUND, "no such book: Ärger")


server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[Handler()])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
EOF

cat >Probe.java <<'EOF'
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.ServiceName;
import java.util.concurrent.TimeUnit;

public class Probe {
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        GrpcClient client = GrpcClient.client(vertx);
        SocketAddress address = SocketAddress.inetSocketAddress(Integer.parseInt(args[0]), "127.0.0.1");
        for (String method : new String[] {"AtOnce", "AfterHeader", "AfterMessage"}) {
            Promise<String> told = Promise.promise();
            vertx.runOnContext(start -> call(client, address, method).onComplete(told));
            System.out.println(method + ": " + told.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS));
        }
        System.exit(0);
    }

    private static Future<String> call(GrpcClient client, SocketAddress address, String method) {
        return client.request(address).compose(request -> {
            request.serviceName(ServiceName.create("probe.Probe")).methodName(method).end(Buffer.buffer("question"));
            return request.response();
        }).compose(response -> {
            Promise<String> end = Promise.promise();
            response.handler(message -> {});
            response.endHandler(nothing -> end.complete(tell(response)));
            return end.future();
        });
    }

    private static String tell(GrpcClientResponse<Buffer, Buffer> response) {
        return response.status() + ", " + response.statusMessage() + "; trailers: " + response.trailers().get("grpc-message");
    }
}
EOF

cat >expected <<'EOF'
AtOnce: 5, no such book: Ärger; trailers: null
AfterHeader: 5, null; trailers: no such book: %C3%84rger
AfterMessage: 5, null; trailers: no such book: %C3%84rger
EOF

venv/bin/python server.py >port &
server=$!
until [ -s port ]; do kill -0 "$server"; sleep 0.1; done
java -Dfile.encoding=UTF-8 -cp "$(cat classpath)" Probe.java "$(cat port)" >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: vertx-grpc-loses-the-text-of-a-late-status" >&2; exit 1; }
