package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// scriptMark begins a message that is a script instead of something to echo.
const scriptMark = "!"

// step is one command: a name and its arguments, already decoded.
type step struct {
	name string
	args []string
}

func isScript(text string) bool {
	return strings.HasPrefix(text, scriptMark)
}

// parseScript reads "!name:arg:arg;name:arg". Arguments are percent-encoded where they hold ';', ':' or '%'.
func parseScript(text string) ([]step, error) {
	var steps []step
	for _, part := range strings.Split(strings.TrimPrefix(text, scriptMark), ";") {
		fields := strings.Split(part, ":")
		for i := range fields {
			decoded, err := url.PathUnescape(fields[i])
			if err != nil {
				return nil, fmt.Errorf("step %q: %w", part, err)
			}
			fields[i] = decoded
		}
		steps = append(steps, step{name: fields[0], args: fields[1:]})
	}
	return steps, nil
}

// arg is the argument at an index, or "" when the step has fewer.
func (s step) arg(index int) string {
	if index < len(s.args) {
		return s.args[index]
	}
	return ""
}

// number is the argument at an index as a number; absent means 0.
func (s step) number(index int) (int, error) {
	if s.arg(index) == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s.arg(index))
	if err != nil {
		return 0, fmt.Errorf("step %s: argument %d is %q (expected: a number)", s.name, index+1, s.arg(index))
	}
	return n, nil
}

// entries reads the arguments from an index on as "key=value,key=value"; nil when there is no such argument.
func (s step) entries(index int) (map[string]string, error) {
	if index >= len(s.args) {
		return nil, nil
	}
	entries := map[string]string{}
	for _, pair := range strings.Split(s.args[index], ",") {
		if pair == "" {
			continue
		}
		key, value, found := strings.Cut(pair, "=")
		if !found {
			return nil, fmt.Errorf("step %s: entry %q (expected: key=value)", s.name, pair)
		}
		entries[key] = value
	}
	return entries, nil
}

// encode makes a text fit as an argument of a step.
func encode(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '=':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
