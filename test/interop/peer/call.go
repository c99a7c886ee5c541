package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// command asks for one case; one line of JSON on stdin.
type command struct {
	Case    string            `json:"case"`
	Address string            `json:"address"`
	Server  string            `json:"server"` // "kitex" or "java": decides what is expected
	Values  map[string]string `json:"values"` // further placeholders, such as b and c
}

// answer is what came of it; one line of JSON on stdout.
type answer struct {
	Case     string   `json:"case"`
	OK       bool     `json:"ok"`
	Failure  string   `json:"failure,omitempty"`
	Expected []string `json:"expected"`
	Seen     []string `json:"seen"`
	Millis   int64    `json:"millis"`
}

// patience is the longest a case may take; none of them needs a tenth of it on an idle machine.
const patience = 60 * time.Second

// director plays cases by name.
type director struct {
	cases map[string]testCase
	pool  clientPool
}

func newDirector(path string) (*director, []testCase, error) {
	cases, err := readCases(path)
	if err != nil {
		return nil, nil, err
	}
	d := &director{cases: map[string]testCase{}, pool: clientPool{kept: map[string]*clients{}}}
	for _, one := range cases {
		d.cases[one.Name] = one
	}
	return d, cases, nil
}

func (d *director) direct(c command) answer {
	played, found := d.cases[c.Case]
	if !found {
		return answer{Case: c.Case, Failure: fmt.Sprintf("case: %q (expected: one of test/interop/cases.json)", c.Case)}
	}
	closed, err := closedAddress()
	if err != nil {
		return answer{Case: c.Case, Failure: err.Error()}
	}
	values := newPlaceholders(c.Address, c.Values)
	values["{closed}"] = closed
	values.speakDialect(c.Server, played.Options.Transport)
	address := c.Address
	if played.Options.Pool == "closed" {
		address, played.Options.Pool = closed, ""
	}
	clients, err := d.pool.clients(address, played.Options)
	if err != nil {
		return answer{Case: c.Case, Failure: err.Error()}
	}

	began := time.Now()
	player := newPlayer(clients, d.plainClients, played.Options, values)
	failure := playInTime(player, played.Steps)
	expected := played.expected("kitex", c.Server)
	result := answer{Case: c.Case, Expected: values.inAll(expected), Millis: time.Since(began).Milliseconds()}
	if failure != nil {
		result.Failure = failure.Error()
		return result
	}
	result.Seen = player.transcript
	result.Failure = difference(expected, player.transcript, values)
	result.OK = result.Failure == ""
	return result
}

func (d *director) plainClients(address string) (*clients, error) {
	return d.pool.clients(address, options{})
}

func playInTime(player *player, steps []string) error {
	finished := make(chan error, 1)
	go func() { finished <- player.play(steps) }()
	select {
	case err := <-finished:
		return err
	case <-time.After(patience):
		return fmt.Errorf("not finished after %v", patience)
	}
}

func (p placeholders) inAll(lines []string) []string {
	replaced := make([]string, len(lines))
	for i, line := range lines {
		replaced[i] = p.in(line)
	}
	return replaced
}

// closedAddress is one that refuses connections: a port that was free a moment ago.
func closedAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// call answers commands until stdin ends, or one command when --case names it.
func call(args []string) error {
	flags := flag.NewFlagSet("call", flag.ExitOnError)
	path := flags.String("cases", casesBesideThis(), "the list of cases")
	single := flags.String("case", "", "play this case alone instead of reading commands")
	address := flags.String("address", "", "host:port of the server, with --case")
	serverPeer := flags.String("server", "kitex", "what the server is: kitex or java, with --case")
	values := flags.String("values", "", "further placeholders as name=value,name=value, with --case")
	if err := flags.Parse(args); err != nil {
		return err
	}
	d, _, err := newDirector(*path)
	if err != nil {
		return err
	}
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	if *single != "" {
		others, err := step{name: "values", args: []string{*values}}.entries(0)
		if err != nil {
			return err
		}
		result := d.direct(command{Case: *single, Address: *address, Server: *serverPeer, Values: others})
		if err := answers.Encode(result); err != nil {
			return err
		}
		if !result.OK {
			return errors.New("case failed: " + result.Failure)
		}
		return nil
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return fmt.Errorf("command %q: %w", lines.Text(), err)
		}
		if err := answers.Encode(d.direct(c)); err != nil {
			return err
		}
	}
	return lines.Err()
}

// casesBesideThis finds test/interop/cases.json from test/interop/peer/bin/peer.
func casesBesideThis() string {
	executable, err := os.Executable()
	if err != nil {
		return "cases.json"
	}
	return filepath.Join(filepath.Dir(executable), "..", "..", "cases.json")
}
