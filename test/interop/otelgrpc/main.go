// Command peer is a server and a client of grpc-go with the stats handlers of OpenTelemetry's own otelgrpc. Its spans go to a
// collector over OTLP/HTTP, each as soon as it ends. test/interop/README.md describes the commands.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	spans := flags.String("spans", "", "URL of the collector, such as http://127.0.0.1:4318/v1/traces")
	name := flags.String("name", "", "service.name of the resource")
	next := flags.String("next", "", "serve: address of the server that calls are passed on to; none: they are answered")
	var err error
	if err = flags.Parse(os.Args[2:]); err == nil {
		err = exportSpans(*spans, *name)
	}
	if err == nil {
		switch os.Args[1] {
		case "serve":
			err = serve(*next)
		case "call":
			err = callAll()
		default:
			usage()
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintf(os.Stderr, "usage: peer serve|call --spans URL --name NAME [--next HOST:PORT]; got %q\n", os.Args[1:])
	os.Exit(2)
}

// exportSpans makes what otelgrpc takes when nothing else is said: the global provider and propagator.
func exportSpans(url, name string) error {
	exporter, err := otlptracehttp.New(context.Background(), otlptracehttp.WithEndpointURL(url))
	if err != nil {
		return err
	}
	otel.SetTracerProvider(trace.NewTracerProvider(
		trace.WithSyncer(exporter),
		trace.WithResource(resource.NewSchemaless(attribute.String("service.name", name)))))
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	return nil
}
