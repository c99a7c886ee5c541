package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"io.streamx/interop/peer/kitex_gen/newer"
	"io.streamx/interop/peer/kitex_gen/older"
)

// refuseCount is the count of a message that both servers answer with their exception.
const refuseCount = -1

// olderMessage has every field that older.thrift knows; the Java peer sends the same.
func olderMessage() *older.Message {
	text := "hello"
	return &older.Message{
		Count: 7, Item: &older.Item{Name: "box"}, Items: []*older.Item{{Name: "a"}, {Name: "b"}},
		ByName: map[string]*older.Item{"k": {Name: "v"}}, Grade: older.Grade_HIGH,
		Payload: &older.Payload{Text: &text}, Last: "end",
	}
}

// newerMessage has every field that newer.thrift knows; the Java peer sends the same.
func newerMessage() *newer.Message {
	item := func(name string) *newer.Item {
		price := int64(9)
		return &newer.Item{Name: name, Price: &price, Unit: "crate"}
	}
	flag := true
	message := newer.NewMessage()
	message.Before, message.Count, message.Item = 1<<40, 8, item("box")
	message.Items, message.ByName = []*newer.Item{item("a"), item("b")}, map[string]*newer.Item{"k": item("v")}
	message.Grade, message.Payload = newer.Grade_TOP, &newer.Payload{Numbers: []int64{1, 2}}
	message.Flag, message.Tiny, message.Small, message.Ratio = &flag, -1, 300, 0.5
	message.Blob, message.Numbers, message.Extra = []byte{0, 0xff}, []int32{5, 6}, item("extra")
	message.Deep = map[int32][]map[string][]int16{1: {{"x": {1, 2}}, {}}, 2: {}}
	text := "inside"
	inside := newer.NewMessage()
	inside.Item, inside.Payload = item("inside"), &newer.Payload{Text: &text}
	message.More = []*newer.Message{inside}
	message.Added, message.Last, message.Second = "set", "end", newer.Grade_LOW
	return message
}

func olderItem(item *older.Item) string { return item.GetName() }

func newerItem(item *newer.Item) string {
	price := "-"
	if item.IsSetPrice() {
		price = fmt.Sprint(item.GetPrice())
	}
	return item.GetName() + "/" + item.Unit + "/" + price
}

func describeItems[T any](items []T, byName map[string]T, describe func(T) string) string {
	var listed, named []string
	for _, item := range items {
		listed = append(listed, describe(item))
	}
	for name, item := range byName {
		named = append(named, name+"="+describe(item))
	}
	sort.Strings(named)
	return "[" + strings.Join(listed, " ") + "] {" + strings.Join(named, " ") + "}"
}

// describeOlder is how a peer with the older IDL sees a message.
func describeOlder(m *older.Message) string {
	payload := "unknown"
	if m.Payload.IsSetText() {
		payload = m.Payload.GetText()
	}
	return fmt.Sprintf("%d %s %s grade %d payload %s last %s", m.Count, olderItem(m.Item),
		describeItems(m.Items, m.ByName, olderItem), int(m.Grade), payload, m.Last)
}

// describeNewer is how a peer with the newer IDL sees a message of the older one.
func describeNewer(m *newer.Message) string {
	payload := "unknown"
	if m.Payload.IsSetText() {
		payload = m.Payload.GetText()
	}
	return fmt.Sprintf("%d %s %s grade %d payload %s last %s, new: before %d flag %v numbers %d deep %d more %v added %s second %d",
		m.Count, newerItem(m.Item), describeItems(m.Items, m.ByName, newerItem), int(m.Grade), payload, m.Last,
		m.Before, m.IsSetFlag(), len(m.Numbers), len(m.Deep), m.IsSetMore(), m.Added, int(m.Second))
}

// keptService serves the older IDL.
type keptService struct{}

func (keptService) AskKept(_ context.Context, message *older.Message) (*older.Message, error) {
	if message.Count == refuseCount {
		return nil, &older.Refused{Reason: "refused"}
	}
	return keptReply(message), nil
}

func (keptService) TalkKept(ctx context.Context, stream older.KeptService_TalkKeptServer) error {
	return echoAll(func() error {
		message, err := stream.Recv(ctx)
		if err != nil {
			return err
		}
		return stream.Send(ctx, keptReply(message))
	})
}

func keptReply(message *older.Message) *older.Message {
	reply := olderMessage()
	reply.Seen = describeOlder(message)
	// A value that this IDL does not name goes on as it came.
	reply.Grade = message.Grade
	return reply
}

// upgradedService serves the newer IDL.
type upgradedService struct{}

func (upgradedService) AskUpgraded(_ context.Context, message *newer.Message, note string) (*newer.Message, error) {
	if message.Count == refuseCount {
		return nil, &newer.Refused{Reason: "refused", Code: 12}
	}
	reply := newerMessage()
	reply.Seen = describeNewer(message) + " note " + note
	return reply, nil
}

func (upgradedService) TalkUpgraded(ctx context.Context, stream newer.UpgradedService_TalkUpgradedServer) error {
	return echoAll(func() error {
		message, err := stream.Recv(ctx)
		if err != nil {
			return err
		}
		reply := newerMessage()
		reply.Seen = describeNewer(message)
		return stream.Send(ctx, reply)
	})
}

// evolution is a step in which the client has one IDL and the server the other.
func (p *player) evolution(name string) error {
	switch name {
	case "newer":
		reply, err := p.clients.kept.AskKept(p.ctx, newerMessage(), "unknown to the server")
		p.noteNewer(reply, err)
	case "newer-refused":
		message := newerMessage()
		message.Count = refuseCount
		_, err := p.clients.kept.AskKept(p.ctx, message, "")
		var refused *newer.Refused
		if errors.As(err, &refused) {
			p.note("refused %s code %d", refused.Reason, refused.Code)
		} else {
			p.note("%s", describe(err))
		}
	case "older":
		reply, err := p.clients.upgraded.AskUpgraded(p.ctx, olderMessage())
		p.noteOlder(reply, err)
	case "older-refused":
		message := olderMessage()
		message.Count = refuseCount
		_, err := p.clients.upgraded.AskUpgraded(p.ctx, message)
		var refused *older.Refused
		if errors.As(err, &refused) {
			p.note("refused %s", refused.Reason)
		} else {
			p.note("%s", describe(err))
		}
	case "newerbidi":
		stream, err := p.clients.kept.TalkKept(p.ctx)
		if err != nil {
			p.note("open %s", describe(err))
			return nil
		}
		p.noteFailure("send", stream.Send(p.ctx, newerMessage()))
		p.noteFailure("closeSend", stream.CloseSend(p.ctx))
		p.noteNewer(stream.Recv(p.ctx))
		_, err = stream.Recv(p.ctx)
		p.noteEnd(err)
	case "olderbidi":
		stream, err := p.clients.upgraded.TalkUpgraded(p.ctx)
		if err != nil {
			p.note("open %s", describe(err))
			return nil
		}
		p.noteFailure("send", stream.Send(p.ctx, olderMessage()))
		p.noteFailure("closeSend", stream.CloseSend(p.ctx))
		p.noteOlder(stream.Recv(p.ctx))
		_, err = stream.Recv(p.ctx)
		p.noteEnd(err)
	}
	return nil
}

func (p *player) noteEnd(err error) {
	if !errors.Is(err, io.EOF) {
		p.note("%s", describe(err))
	}
}

func (p *player) noteNewer(reply *newer.Message, err error) {
	if err != nil {
		p.note("%s", describe(err))
		return
	}
	p.note("server: %s", reply.Seen)
	p.note("client: %s", describeNewer(reply))
}

func (p *player) noteOlder(reply *older.Message, err error) {
	if err != nil {
		p.note("%s", describe(err))
		return
	}
	p.note("server: %s", reply.Seen)
	p.note("client: %s", describeOlder(reply))
}
