package main

import (
	"fmt"
	"reflect"

	"io.streamx/interop/peer/kitex_gen/scenario"
)

// richMessage sets every field of Rich; the Java peer sends the same values.
func richMessage() *scenario.Rich {
	rich := scenario.NewRich()
	rich.Flag, rich.Tiny, rich.Tiny2, rich.Small = true, -1, 127, -32768
	rich.Medium, rich.Large, rich.Ratio = -2147483648, -9223372036854775808, 0.1
	rich.Text, rich.Blob, rich.Colour = "Grüße, мир, 世界 🌍", []byte{0, 1, 0xfe, 0xff}, scenario.Colour_BLUE
	name, number := "inner", int64(1)<<40
	rich.Inner = &scenario.Inner{Id: 7, Name: &name}
	rich.Choice = &scenario.Choice{Number: &number}
	rich.Stamp, rich.Words, rich.Numbers = 1700000000000, scenario.Words{"one", "", "three"}, []int32{1, -1, 0}
	rich.Tags = []string{"x", "y"}
	rich.Counts = map[string]int64{"a": 1, "b": -2}
	rich.Groups = map[int32][]*scenario.Inner{1: {{Id: 1}, {Id: 2, Name: &name}}, 2: {}}
	rich.Nested = []map[string][]int16{{"k": {1, 2}}, {}}
	rich.Names = map[scenario.Colour]string{scenario.Colour_RED: "red", scenario.Colour_GREEN: "green"}
	rich.MustText, rich.MustNumber = "must", 5
	text, medium, flag := "may", int32(0), false
	rich.MayText, rich.MayNumber, rich.MayFlag = &text, &medium, &flag
	rich.MayInner, rich.MayList, rich.MayBlob = &scenario.Inner{Id: 9}, []string{"m"}, []byte{}
	rich.WithDefault, rich.NumberDefault, rich.MayDefault = "changed", 43, "set"
	rich.ListDefault, rich.ColourDefault = []string{"c"}, scenario.Colour_RED
	rich.Class, rich.Package, rich.LateButLowId, rich.FarAway, rich.LastId = "class", 1, 2, 1e300, 3
	return rich
}

// shapes are the steps for messages of other shapes than one text.
func (p *player) shapes(name string) error {
	clients := p.clients.scenario
	switch name {
	case "sum":
		text := "four"
		sum, err := clients.Sum(p.ctx, -1, 1<<40, text, &scenario.Inner{Id: 10})
		p.noteValue(fmt.Sprint(sum), err)
	case "words":
		words, err := clients.SplitWords(p.ctx, "some words  here")
		p.noteValue(fmt.Sprintf("%d %q", len(words), words), err)
	case "rich":
		echoed, err := clients.RichUnary(p.ctx, richMessage())
		p.noteValue(same(richMessage(), echoed), err)
	case "empty":
		_, err := clients.EmptyUnary(p.ctx, &scenario.Empty{})
		p.noteValue("empty", err)
	case "richbidi":
		stream, err := clients.RichBidi(p.ctx)
		if err != nil {
			p.note("open %s", describe(err))
			return nil
		}
		p.noteFailure("send", stream.Send(p.ctx, richMessage()))
		p.noteFailure("closeSend", stream.CloseSend(p.ctx))
		echoed, err := stream.Recv(p.ctx)
		p.noteValue(same(richMessage(), echoed), err)
		_, err = stream.Recv(p.ctx)
		p.noteValue("one message too many", err)
	case "emptybidi":
		stream, err := clients.EmptyBidi(p.ctx)
		if err != nil {
			p.note("open %s", describe(err))
			return nil
		}
		p.noteFailure("send", stream.Send(p.ctx, &scenario.Empty{}))
		p.noteFailure("closeSend", stream.CloseSend(p.ctx))
		_, err = stream.Recv(p.ctx)
		p.noteValue("empty", err)
		_, err = stream.Recv(p.ctx)
		p.noteValue("one message too many", err)
	}
	return nil
}

func (p *player) noteValue(value string, err error) {
	if err != nil {
		p.note("%s", describe(err))
		return
	}
	p.note("value %s", value)
}

func same(sent, echoed *scenario.Rich) string {
	if reflect.DeepEqual(sent, echoed) {
		return "as sent"
	}
	return fmt.Sprintf("not as sent: %v (expected: %v)", echoed, sent)
}
