// Command peer is a Kitex server and a Kitex client that do as they are told, so that another implementation of
// StreamX can be tried against them. test/interop/README.md describes the commands.
package main

import (
	"fmt"
	"os"

	"github.com/cloudwego/kitex/pkg/klog"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	// Handlers fail on purpose here; only what nobody asked for is worth a line.
	klog.SetLevel(klog.LevelFatal)
	var err error
	switch os.Args[1] {
	case "serve":
		err = serve(os.Args[2:])
	case "call":
		err = call(os.Args[2:])
	case "verify":
		err = verify(os.Args[2:])
	case "streams":
		err = streams(os.Args[2:])
	default:
		usage()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintf(os.Stderr, "usage: peer serve|call|verify|streams [flags]; got %q\n", os.Args[1:])
	os.Exit(2)
}
