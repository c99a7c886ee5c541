package main

import (
	"context"
	"fmt"
	"reflect"

	"io.streamx/interop/peer/kitex_gen/scenario"
	"io.streamx/interop/peer/kitex_gen/shapes"
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

// namedMessage is the message that both peers know by this name.
func namedMessage(name string) (*scenario.Rich, error) {
	if name == "full" {
		return richMessage(), nil
	}
	// What only the defaults fill; the containers are empty and not nil, as they are when they have been read.
	rich := scenario.NewRich()
	rich.Blob, rich.Words, rich.Numbers, rich.Tags = []byte{}, scenario.Words{}, []int32{}, []string{}
	rich.Counts, rich.Groups = map[string]int64{}, map[int32][]*scenario.Inner{}
	rich.Nested, rich.Names = []map[string][]int16{}, map[scenario.Colour]string{}
	rich.MustText, rich.MustNumber, rich.Inner = "", 0, &scenario.Inner{Id: 0}
	text, number := "", int64(-1)
	switch name {
	case "text":
		rich.Choice = &scenario.Choice{Text: &text}
	case "number":
		rich.Choice = &scenario.Choice{Number: &number}
	case "inner":
		rich.Choice = &scenario.Choice{Inner: &scenario.Inner{Id: -1, Name: &text}}
	default:
		return nil, fmt.Errorf("message: %q (expected: full, text, number, inner)", name)
	}
	return rich, nil
}

func verdict(name string, rich *scenario.Rich) (*shapes.Verdict, error) {
	expected, err := namedMessage(name)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(expected, rich) {
		return &shapes.Verdict{Verdict: fmt.Sprintf("%v (expected: %v)", rich, expected), Rich: rich}, nil
	}
	return &shapes.Verdict{Verdict: "as expected", Rich: rich}, nil
}

// shapeService compares what it reads with its own copy.
type shapeService struct{}

func (shapeService) Check(_ context.Context, name string, rich *scenario.Rich) (*shapes.Verdict, error) {
	return verdict(name, rich)
}

func (shapeService) CheckAll(ctx context.Context, stream shapes.ShapeService_CheckAllServer) error {
	return echoAll(func() error {
		named, err := stream.Recv(ctx)
		if err != nil {
			return err
		}
		reply, err := verdict(named.Name, named.Rich)
		if err != nil {
			return err
		}
		return stream.Send(ctx, reply)
	})
}

// check sends a message that the server compares with its own copy, and compares what comes back.
func (p *player) check(name string) error {
	sent, err := namedMessage(name)
	if err != nil {
		return err
	}
	reply, err := p.clients.shapes.Check(p.ctx, name, sent)
	p.noteVerdict(name, sent, reply, err)
	return nil
}

func (p *player) checkAll(names []string) error {
	stream, err := p.clients.shapes.CheckAll(p.ctx)
	if err != nil {
		p.note("open %s", describe(err))
		return nil
	}
	for _, name := range names {
		sent, err := namedMessage(name)
		if err != nil {
			return err
		}
		p.noteFailure("send", stream.Send(p.ctx, &shapes.Named{Name: name, Rich: sent}))
		reply, err := stream.Recv(p.ctx)
		p.noteVerdict(name, sent, reply, err)
	}
	p.noteFailure("closeSend", stream.CloseSend(p.ctx))
	_, err = stream.Recv(p.ctx)
	p.noteEnd(err)
	return nil
}

func (p *player) noteVerdict(name string, sent *scenario.Rich, reply *shapes.Verdict, err error) {
	if err != nil {
		p.note("%s %s", name, describe(err))
		return
	}
	p.note("%s: server %s, client %s", name, reply.Verdict, same(sent, reply.Rich))
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
