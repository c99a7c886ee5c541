#!/usr/bin/env bash
# OpenTelemetry for Go 1.37.0 behind OpenTelemetry for Java 1.68.0: the trace that a traceparent begins.
#
# W3C Trace Context, level 2, has a second flag beside "sampled": the trace id is random. A receiver ignores flags that it
# does not know. Guess: the SDKs understand each other's traceparent. Seen: Java's SDK sets both flags (-03), and Go's
# propagator takes flags above 02 in version 00 for no traceparent at all, so its span begins a trace of its own (so up to
# 1.41.0; 1.42.0 goes on with the trace). Kitex' extension obs-opentelemetry 0.3.0 asks for 1.37.0. Python's 1.44.0 goes on.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir java go
cat >java/pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>probe</groupId>
  <artifactId>probe</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.opentelemetry</groupId>
      <artifactId>opentelemetry-sdk</artifactId>
      <version>1.68.0</version>
    </dependency>
  </dependencies>
</project>
XML
cat >java/Probe.java <<'JAVA'
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.HashMap;
import java.util.Map;

public class Probe {
    public static void main(String[] arguments) {
        // Without a processor the SDK makes no spans.
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
                .build();
        Span span = provider.get("probe").spanBuilder("call").startSpan();
        Map<String, String> carrier = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), carrier, Map::put);
        System.out.println(carrier.get("traceparent"));
    }
}
JAVA
cat >go/go.mod <<'MOD'
module probe

go 1.24

require (
	go.opentelemetry.io/otel v1.37.0
	go.opentelemetry.io/otel/trace v1.37.0
)
MOD
cat >go/main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	for _, parent := range os.Args[1:] {
		found := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{"traceparent": parent})
		fmt.Println("go", parent[53:], trace.SpanContextFromContext(found).IsValid())
	}
}
GO
cat >probe.py <<'PY'
import sys
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

for parent in sys.argv[1:]:
    found = TraceContextTextMapPropagator().extract({"traceparent": parent})
    print("python", parent[53:], trace.get_current_span(found).get_span_context().is_valid)
PY
(cd java && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >&2)
parent=$(java -cp 'java/lib/*' java/Probe.java)
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check opentelemetry-api==1.44.0
seen=$(
	echo "java sends ${parent:53}"
	(cd go && GOFLAGS=-mod=mod go run . "$parent" "${parent:0:53}01")
	venv/bin/python probe.py "$parent"
)
echo "$seen"
diff <(echo "$seen") - <<'SEEN'
java sends 03
go 03 false
go 01 true
python 03 True
SEEN
