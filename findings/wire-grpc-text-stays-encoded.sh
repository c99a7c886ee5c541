#!/usr/bin/env bash
# Wire gRPC client 6.4.7 (Square's, on OkHttp 5.3.2) and a server of grpcio 1.85.3: the text of a status.
#
# Guess: GrpcException.grpcMessage is the server's text. Seen: it is what travels, percent-encoded, as is the exception's own
# message, so a line's end, a percent sign or a letter beyond ASCII is not to be read unless the caller decodes it.
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
      <groupId>com.squareup.wire</groupId>
      <artifactId>wire-grpc-client-jvm</artifactId>
      <version>6.4.7</version>
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
        return grpc.unary_unary_rpc_method_handler(self.fail)

    def fail(self, request, context):
        context.abort(grpc.StatusCode.NOT_FOUND, "100% sure:\nno book Ärger")


server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[Handler()])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
EOF

cat >Probe.java <<'EOF'
import com.squareup.wire.GrpcClient;
import com.squareup.wire.GrpcException;
import com.squareup.wire.GrpcMethod;
import com.squareup.wire.ProtoAdapter;
import java.io.IOException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

public class Probe {
    public static void main(String[] args) throws IOException {
        OkHttpClient http = new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
        GrpcClient client = new GrpcClient.Builder().client(http).baseUrl("http://127.0.0.1:" + args[0]).build();
        var method = new GrpcMethod<>("/probe.Probe/Fail", ProtoAdapter.STRING_VALUE, ProtoAdapter.STRING_VALUE);
        try {
            client.newCall(method).executeBlocking("question");
        } catch (GrpcException e) {
            System.out.println(e.getGrpcStatus().getName() + " " + e.getGrpcMessage());
            System.out.println(e.getMessage().replaceAll("http://[^ ,]*", "URL"));
        }
        System.exit(0);
    }
}
EOF

cat >expected <<'EOF'
NOT_FOUND 100%25 sure:%0Ano book %C3%84rger
grpc-status=5 grpc-status-name=NOT_FOUND grpc-message=100%25 sure:%0Ano book %C3%84rger url=URL
EOF

venv/bin/python server.py >port &
server=$!
until [ -s port ]; do kill -0 "$server"; sleep 0.1; done
java -cp "$(cat classpath)" Probe.java "$(cat port)" >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: wire-grpc-text-stays-encoded" >&2; exit 1; }
