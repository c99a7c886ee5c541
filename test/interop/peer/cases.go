package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
)

// testCase is one entry of test/interop/cases.json, which both languages play; test/interop/README.md describes the fields.
type testCase struct {
	Name       string   `json:"name"`
	Issue      int      `json:"issue"`
	Options    options  `json:"options"`
	Carriers   []string `json:"carriers"`
	Transports []string `json:"transports"`
	Steps      []string `json:"steps"`
	Expect     []string `json:"expect"`
	// Expect of other pairs of peers, by "client=java", "server=java", "client=kitex server=java".
	ExpectOf map[string][]string `json:"expectOf"`
	// Which peers can play a role; empty: all.
	Clients []string `json:"clients"`
	Servers []string `json:"servers"`
}

// options are what a case asks of its client.
type options struct {
	Connections   int               `json:"connections"`
	Pool          string            `json:"pool"`
	Carrier       string            `json:"carrier"`
	Transport     string            `json:"transport"` // "" for TTHeader; "grpc" with Thrift, "protobuf" over gRPC, "kitex-protobuf" without
	Metadata      map[string]string `json:"metadata"`
	Compressor    string            `json:"compressor"`
	TimeoutMs     int               `json:"timeoutMs"`
	RecvTimeoutMs int               `json:"recvTimeoutMs"`
	KeepRemote    bool              `json:"keepRemote"`
	ClientName    *string           `json:"clientName"`
	Persistent    map[string]string `json:"persistent"`
	Transient     map[string]string `json:"transient"`
	Backward      bool              `json:"backward"`
}

// issueOfGRPC is the issue that every case over gRPC belongs to, whichever issue its entry is of.
const issueOfGRPC = 7

// readCases reads the list and gives a case with several carriers and transports one entry for each.
func readCases(path string) ([]testCase, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var listed []testCase
	if err := json.Unmarshal(text, &listed); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var cases []testCase
	seen := map[string]bool{}
	for _, one := range listed {
		for _, variant := range one.variants() {
			if seen[variant.Name] {
				return nil, fmt.Errorf("%s: case %q is there twice", path, variant.Name)
			}
			seen[variant.Name] = true
			cases = append(cases, variant)
		}
	}
	return cases, nil
}

// variants are the cases an entry of the list stands for. One without transports is on TTHeader alone; carriers are
// what its unary calls travel on there.
func (c testCase) variants() []testCase {
	transports := c.Transports
	if len(transports) == 0 {
		transports = []string{"ttheader"}
	}
	var variants []testCase
	for _, transport := range transports {
		variant := c
		switch {
		case transport == "kitex-protobuf":
			variant.Name += "-" + transport
			variant.Options.Transport = transport
			variants = append(variants, variant)
		case transport != "ttheader":
			variant.Name += "-" + transport
			variant.Issue = issueOfGRPC
			variant.Options.Transport = transport
			variants = append(variants, variant)
		case len(c.Carriers) == 0:
			variants = append(variants, variant)
		default:
			for _, carrier := range c.Carriers {
				variant.Name = c.Name + "-" + carrier
				variant.Options.Carrier = carrier
				variants = append(variants, variant)
			}
		}
	}
	return variants
}

// playableBy tells whether a pair of peers can play the case.
func (c testCase) playableBy(clientPeer, serverPeer string) bool {
	return among(c.Clients, clientPeer) && among(c.Servers, serverPeer)
}

func among(names []string, name string) bool {
	if len(names) == 0 {
		return true
	}
	for _, one := range names {
		if one == name {
			return true
		}
	}
	return false
}

// expected is what a pair of peers should show; the most exact entry counts.
func (c testCase) expected(clientPeer, serverPeer string) []string {
	for _, pair := range []string{
		"client=" + clientPeer + " server=" + serverPeer, "client=" + clientPeer, "server=" + serverPeer,
	} {
		if lines, found := c.ExpectOf[pair]; found {
			return lines
		}
	}
	return c.Expect
}

// placeholders replaces what a case leaves open: {key}, {address}, {b}, {c}, {digest:COUNT:SIZE}, {enc:TEXT}.
type placeholders map[string]string

var (
	runs      atomic.Int64
	digests   = regexp.MustCompile(`\{digest:(\d+):(\d+)\}`)
	encodings = regexp.MustCompile(`\{enc:([^{}]*)\}`)
)

// newPlaceholders gives each run of a case its own report key.
func newPlaceholders(address string, others map[string]string) placeholders {
	values := placeholders{
		"{key}":     fmt.Sprintf("kitex-%d-%d", os.Getpid(), runs.Add(1)),
		"{address}": address,
		"{b}":       address,
		"{c}":       address,
	}
	for name, value := range others {
		values["{"+name+"}"] = value
	}
	return values
}

// speakDialect sets what a server says on gRPC. A Kitex server marks the errors of handlers and has numbers of its own for
// what it does not know; a Java server does the same for Thrift, and keeps to the standard for Protobuf.
func (p placeholders) speakDialect(serverPeer, transport string) {
	if serverPeer == "java" && transport == "protobuf" {
		p["{suffix}"] = ""
		p["{failed}"] = "2"
		p["{unknownMethod}"] = "~status 12 .*Absent.*"
		p["{unknownService}"] = "~status 12 .*AbsentMessageService.*"
		return
	}
	p["{suffix}"] = " [biz error]"
	p["{failed}"] = "13"
	p["{unknownMethod}"] = "~status 1 unknown method Absent(Bidi)?"
	p["{unknownService}"] = "~status 20 unknown service Absent(Message)?Service"
}

func (p placeholders) in(text string) string {
	for name, value := range p {
		text = strings.ReplaceAll(text, name, value)
	}
	text = digests.ReplaceAllStringFunc(text, func(found string) string {
		numbers := digests.FindStringSubmatch(found)
		count, _ := strconv.Atoi(numbers[1])
		size, _ := strconv.Atoi(numbers[2])
		return patternDigest(count, size)
	})
	return encodings.ReplaceAllStringFunc(text, func(found string) string {
		return encode(encodings.FindStringSubmatch(found)[1])
	})
}

// difference compares a transcript with what was expected; "" when they agree. A line that begins with "~" is a
// regular expression for the whole line.
func difference(expected, seen []string, values placeholders) string {
	for i := 0; i < len(expected) || i < len(seen); i++ {
		if i >= len(expected) {
			return fmt.Sprintf("line %d: %q (expected: nothing more)", i+1, seen[i])
		}
		want := values.in(expected[i])
		if i >= len(seen) {
			return fmt.Sprintf("line %d: missing (expected: %q)", i+1, want)
		}
		if pattern, isPattern := strings.CutPrefix(want, "~"); isPattern {
			matcher, err := regexp.Compile("^(?s:" + pattern + ")$")
			if err != nil {
				return fmt.Sprintf("line %d: %v", i+1, err)
			}
			if matcher.MatchString(seen[i]) {
				continue
			}
		} else if want == seen[i] {
			continue
		}
		return fmt.Sprintf("line %d: %q (expected: %q)", i+1, seen[i], want)
	}
	return ""
}
