package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// verify plays the whole list, Kitex client against Kitex server, with the server in a process of its own and two more
// for the cascades: what fails here is not the fault of another implementation.
func verify(args []string) error {
	flags := flag.NewFlagSet("verify", flag.ExitOnError)
	path := flags.String("cases", casesBesideThis(), "the list of cases")
	only := flags.String("only", "", "regular expression for the names to play")
	verbose := flags.Bool("v", false, "show what each case saw")
	if err := flags.Parse(args); err != nil {
		return err
	}
	wanted, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	d, cases, err := newDirector(*path)
	if err != nil {
		return err
	}
	failed, played := 0, 0
	var servers *servingProcesses
	defer func() { servers.stop() }()
	for _, one := range cases {
		if !wanted.MatchString(one.Name) || !one.playableBy("kitex", "kitex") {
			continue
		}
		if servers == nil {
			if servers, err = startServers(); err != nil {
				return err
			}
		}
		result := d.direct(command{Case: one.Name, Address: servers.a.address, Server: "kitex",
			Values: map[string]string{"b": servers.b.address, "c": servers.c.address}})
		played++
		verdict := "ok"
		if !result.OK {
			failed++
			verdict = "FAILED " + result.Failure
		}
		fmt.Printf("%-60s %6d ms  %s\n", one.Name, result.Millis, verdict)
		if *verbose || !result.OK {
			for _, line := range result.Seen {
				fmt.Printf("    %.300s\n", line)
			}
		}
		if one.endsServer() {
			servers.stop()
			servers = nil
		}
	}
	fmt.Printf("%d cases, %d failed\n", played, failed)
	if failed > 0 {
		return fmt.Errorf("%d of %d cases failed", failed, played)
	}
	return nil
}

// endsServer tells whether the server's process ends with the case.
func (c testCase) endsServer() bool {
	for _, step := range c.Steps {
		if strings.Contains(step, "!exit") || strings.Contains(step, ";stop;") {
			return true
		}
	}
	return false
}

// servingProcess is one "peer serve" in a process of its own.
type servingProcess struct {
	process *exec.Cmd
	input   io.Closer
	address string
}

type servingProcesses struct{ a, b, c *servingProcess }

func startServers() (*servingProcesses, error) {
	var all servingProcesses
	for name, slot := range map[string]**servingProcess{
		"interop.server": &all.a, "interop.b": &all.b, "interop.c": &all.c,
	} {
		started, err := startServer(name)
		if err != nil {
			all.stop()
			return nil, err
		}
		*slot = started
	}
	return &all, nil
}

func (s *servingProcesses) stop() {
	if s == nil {
		return
	}
	for _, one := range []*servingProcess{s.a, s.b, s.c} {
		if one != nil {
			one.input.Close()
			// Its exit status is of no interest: some cases end it by a crash.
			_ = one.process.Wait()
		}
	}
}

func startServer(name string) (*servingProcess, error) {
	process := exec.Command(os.Args[0], "serve", "--name", name, "--exit-wait", "500ms")
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("peer serve ended before it listened: %w", err)
	}
	var announced struct{ Port int }
	if err := json.Unmarshal(line, &announced); err != nil {
		return nil, fmt.Errorf("peer serve said %q: %w", line, err)
	}
	return &servingProcess{process: process, input: input, address: fmt.Sprintf("127.0.0.1:%d", announced.Port)}, nil
}
