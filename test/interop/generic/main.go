// Kitex' generic client and server, in each form that Kitex has: JSON by either of its readers, map and binary for Thrift, JSON
// and binary for Protobuf, and the handler of unknown services.
package main

import (
	"flag"
	"fmt"
	"io"

	"os"
	"slices"

	"github.com/cloudwego/kitex/pkg/klog"
)

func main() {
	// Failures are told in answers; whoever reads the console has no use for them.
	klog.SetOutput(io.Discard)
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no command (expected: serve or call)")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	switch args[0] {
	case "serve":
		form := flags.String("form", "", "one of Kitex' generic calls")
		idl := flags.String("idl", "", "the IDL, for forms that read one")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return serve(*form, *idl)
	case "call":
		return call()
	default:
		return fmt.Errorf("command: %q (expected: serve or call)", args[0])
	}
}

func formNames() []string {
	names := []string{}
	for name := range forms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
