#!/usr/bin/env bash
# Dubbo 3.3.6 as a server of Triple, which is its gRPC: requests of grpcio 1.85.3 and of Wire 6.4.7 that are compressed, or name a
# method that there is not.
#
# Guess: gzip is read, since Dubbo names it among its compressors, and an unknown method is UNIMPLEMENTED (12), as an unknown
# service is. Seen: both are UNKNOWN (2), as if the handler had failed. Its decoder does not decompress, so grpcio cannot call with
# gzip, and Wire, whose every request is compressed unless it is told otherwise, cannot call at all. Of the unknown method the
# caller is told an exception's text about a null.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check grpcio==1.85.3
for side in dubbo wire; do
    case $side in
        dubbo) libraries="org.apache.dubbo:dubbo:3.3.6 com.google.protobuf:protobuf-java:3.25.8" ;;
        wire) libraries="com.squareup.wire:wire-grpc-client-jvm:6.4.7" ;;
    esac
    {
        echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        echo '<groupId>probe</groupId><artifactId>probe</artifactId><version>1</version><dependencies>'
        for library in $libraries; do
            IFS=: read -r group artifact version <<<"$library"
            echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version></dependency>"
        done
        echo '</dependencies></project>'
    } >pom.xml
    mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath-$side
done

cat >Serve.java <<'EOF'
package probe;

import com.google.protobuf.StringValue;
import java.net.ServerSocket;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

public class Serve {
    public static void main(String[] args) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ServiceConfig<Greeter> service = new ServiceConfig<>();
        service.setInterface(Greeter.class);
        service.setRef(name -> StringValue.of("hello " + name.getValue().length()));
        ProtocolConfig triple = new ProtocolConfig("tri", port);
        triple.setHost("127.0.0.1");
        ApplicationConfig application = new ApplicationConfig("probe");
        application.setQosEnable(false);
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A")).protocol(triple)
                .service(service).start();
        System.out.println("port " + port);
        Thread.sleep(600_000);
        System.exit(1);
    }
}

interface Greeter {
    StringValue greet(StringValue name);
}
EOF

cat >probe.py <<'EOF'
import sys

import grpc

GZIP = grpc.Compression.Gzip
channel = grpc.insecure_channel("127.0.0.1:" + sys.argv[1])


# A google.protobuf.StringValue of 500 letters, which grpcio finds worth compressing.
NAME = b"\x0a\xf4\x03" + b"x" * 500


def call(what, method, compression=None):
    greet = channel.unary_unary(method, request_serializer=bytes, response_deserializer=bytes)
    try:
        print(f"grpcio, {what}:", greet(NAME, timeout=30, compression=compression)[2:].decode())
    except grpc.RpcError as e:
        print(f"grpcio, {what}:", e.code().name, e.details())


call("plain", "/probe.Greeter/greet")
call("gzip", "/probe.Greeter/greet", GZIP)
call("unknown method", "/probe.Greeter/leave")
call("unknown service", "/probe.Other/greet")
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
    public static void main(String[] args) {
        OkHttpClient http = new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
        GrpcClient.Builder client = new GrpcClient.Builder().client(http).baseUrl("http://127.0.0.1:" + args[0]);
        System.out.println("Wire: " + outcome(client.build()));
        System.out.println("Wire, told not to compress: " + outcome(client.minMessageToCompress(Long.MAX_VALUE).build()));
        System.exit(0);
    }

    private static String outcome(GrpcClient client) {
        try {
            return client.newCall(new GrpcMethod<>(
                    "/probe.Greeter/greet", ProtoAdapter.STRING_VALUE, ProtoAdapter.STRING_VALUE)).executeBlocking("you");
        } catch (GrpcException e) {
            return e.getGrpcStatus().getName() + " " + e.getGrpcMessage();
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
EOF

cat >expected <<'EOF'
grpcio, plain: hello 500
grpcio, gzip: UNKNOWN Internal Server Error
grpcio, unknown method: UNKNOWN Cannot invoke "java.util.List.iterator()" because "methodDescriptors" is null
grpcio, unknown service: UNIMPLEMENTED Invoker for gRPC not found
Wire: expected gRPC but was HTTP status=500, content-type=application/grpc
Wire, told not to compress: hello 3
EOF

java -Ddubbo.application.logger=jdk -cp "$(cat classpath-dubbo)" Serve.java >port 2>log &
server=$!
until grep -qs '^port ' port; do kill -0 "$server" || { cat log >&2; exit 1; }; sleep 0.1; done
number=$(sed -n 's/^port //p' port)
venv/bin/python probe.py "$number" >actual
java -cp "$(cat classpath-wire)" Probe.java "$number" >>actual
cat actual
diff expected actual >&2 || { echo "changed: dubbo-triple-server-and-compressed-requests" >&2; exit 1; }
