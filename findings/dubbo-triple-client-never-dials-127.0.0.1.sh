#!/usr/bin/env bash
# Dubbo 3.3.6 as a client of Triple, its gRPC: which address it connects to for a URL of its user. Needs a machine that has an IPv4
# address beside its loopback one, and ::1.
#
# Guess: "tri://127.0.0.1:port" is 127.0.0.1, as with every other client. Seen: it takes 127.0.0.1 and localhost for the machine's own
# outward address and connects there, so a server that listens on the loopback address alone, a test's or a sidecar's, gets no
# connection, and the call fails with UNAVAILABLE of 127.0.0.1. "[::1]" is taken as it stands.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
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

cat >Probe.java <<'EOF'
package probe;

import com.google.protobuf.StringValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.RpcException;

public class Probe {
    public static void main(String[] args) throws IOException {
        ApplicationConfig application = new ApplicationConfig("probe");
        application.setQosEnable(false);
        DubboBootstrap.getInstance().application(application).start();
        for (String host : List.of("127.0.0.1", "localhost", "[::1]")) {
            AtomicInteger connections = new AtomicInteger();
            // It takes connections and says nothing, which is enough to see who comes.
            ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByName(host));
            Thread accepting = new Thread(() -> accept(listener, connections));
            accepting.setDaemon(true);
            accepting.start();

            ReferenceConfig<Greeter> reference = new ReferenceConfig<>();
            reference.setInterface(Greeter.class);
            reference.setUrl("tri://" + host + ":" + listener.getLocalPort());
            reference.setTimeout(5_000);
            reference.setRetries(0);
            reference.setCheck(false);
            String outcome;
            try {
                outcome = "answer " + reference.get().greet(StringValue.of("you"));
            } catch (RpcException e) {
                outcome = e.getCause().getCause().getMessage().replaceAll("\\d+ is", "PORT is");
            }
            System.out.println(host + ": " + (connections.get() == 0 ? "nobody came, " + outcome : "it came"));
        }
        System.exit(0);
    }

    private static void accept(ServerSocket listener, AtomicInteger connections) {
        try {
            while (true) {
                listener.accept();
                connections.incrementAndGet();
            }
        } catch (IOException closed) {
            return;
        }
    }
}

interface Greeter {
    StringValue greet(StringValue name);
}
EOF

cat >expected <<'EOF'
127.0.0.1: nobody came, UNAVAILABLE : upstream 127.0.0.1:PORT is unavailable
localhost: nobody came, UNAVAILABLE : upstream localhost:PORT is unavailable
[::1]: it came
EOF

java -Ddubbo.application.logger=jdk -cp "$(cat classpath)" Probe.java >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: dubbo-triple-client-never-dials-127.0.0.1" >&2; exit 1; }
