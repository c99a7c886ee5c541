#!/usr/bin/env bash
# Dubbo 3.3.6 as a client of Triple, which is its gRPC, and a server of grpcio 1.85.3: the text of a status, without and with
# details beside it (grpc-status-details-bin).
#
# Guess: the text is taken off its percent-encoding once, so the caller gets NOT_FOUND and what the server said. Seen: with details
# it is decoded twice, so that %41 in a text becomes A, and a percent sign that begins no escape costs the status: the caller gets
# CANCELLED and no text. With and without details a plus sign becomes a space, as in the query of a URL.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check grpcio==1.85.3 googleapis-common-protos==1.76.0 protobuf==7.36.2
cat >pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>probe</groupId>
  <artifactId>probe</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.dubbo</groupId>
      <artifactId>dubbo</artifactId>
      <version>3.3.6</version>
    </dependency>
    <dependency>
      <groupId>com.google.protobuf</groupId>
      <artifactId>protobuf-java</artifactId>
      <version>3.25.8</version>
    </dependency>
  </dependencies>
</project>
EOF
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath

cat >server.py <<'EOF'
import grpc
from concurrent import futures
from google.protobuf import any_pb2, wrappers_pb2
from google.rpc import status_pb2


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        name = details.method.rsplit("/", 1)[1]
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: self.fail(name, wrappers_pb2.StringValue.FromString(request).value, context)
        )

    def fail(self, name, text, context):
        if name == "detailed":
            detail = any_pb2.Any()
            detail.Pack(wrappers_pb2.StringValue(value="more"))
            status = status_pb2.Status(code=5, message=text, details=[detail])
            context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
        context.abort(grpc.StatusCode.NOT_FOUND, text)


server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[Handler()])
# Dubbo takes 127.0.0.1 for the machine's outward address.
port = server.add_insecure_port("[::1]:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
EOF

cat >Probe.java <<'EOF'
package probe;

import com.google.protobuf.StringValue;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.RpcException;

public class Probe {
    public static void main(String[] args) {
        ReferenceConfig<Failing> reference = new ReferenceConfig<>();
        reference.setInterface(Failing.class);
        reference.setUrl("tri://[::1]:" + args[0]);
        reference.setTimeout(20_000);
        reference.setRetries(0);
        ApplicationConfig application = new ApplicationConfig("probe");
        application.setQosEnable(false);
        DubboBootstrap.getInstance().application(application).reference(reference).start();
        Failing failing = reference.get();
        for (String text : List.of("no such book", "1 + 1", "%41 books", "100% sure")) {
            System.out.println(text + ": " + outcome(failing::plain, text) + "; with details: " + outcome(failing::detailed, text));
        }
        System.exit(0);
    }

    private static String outcome(UnaryOperator<StringValue> call, String text) {
        try {
            return "no error: " + call.apply(StringValue.of(text));
        } catch (RpcException e) {
            return e.getCause().getCause().getMessage();
        }
    }
}

interface Failing {
    StringValue plain(StringValue text);

    StringValue detailed(StringValue text);
}
EOF

cat >expected <<'EOF'
no such book: NOT_FOUND : no such book; with details: NOT_FOUND : no such book
1 + 1: NOT_FOUND : 1   1; with details: NOT_FOUND : 1   1
%41 books: NOT_FOUND : %41 books; with details: NOT_FOUND : A books
100% sure: NOT_FOUND : 100% sure; with details: CANCELLED
EOF

venv/bin/python server.py >port &
server=$!
until [ -s port ]; do kill -0 "$server"; sleep 0.1; done
java -Ddubbo.application.logger=jdk -cp "$(cat classpath)" Probe.java "$(cat port)" >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: dubbo-triple-client-decodes-a-text-twice" >&2; exit 1; }
