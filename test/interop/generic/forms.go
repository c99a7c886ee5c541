package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/cloudwego/dynamicgo/proto"
	"github.com/cloudwego/kitex/pkg/generic"
	"github.com/cloudwego/kitex/pkg/generic/descriptor"
)

// form is one of Kitex' generic calls: what describes the service, and how its messages become JSON texts and back.
type form struct {
	describe func(idl string) (generic.Generic, error)
	toText   func(message any) (string, error)
	fromText func(text string) (any, error)
	// answer makes the reply of a unary call from its request, where the two are not alike.
	answer func(method string, request any) any
}

var forms = map[string]form{
	"json": {
		describe: func(idl string) (generic.Generic, error) {
			provider, err := generic.NewThriftFileProvider(idl)
			if err != nil {
				return nil, err
			}
			return generic.JSONThriftGeneric(provider)
		},
		toText: jsonText, fromText: asIs,
	},
	"dynamicgo": {
		describe: func(idl string) (generic.Generic, error) {
			provider, err := generic.NewThriftFileProviderWithDynamicGo(idl)
			if err != nil {
				return nil, err
			}
			return generic.JSONThriftGeneric(provider)
		},
		toText: jsonText, fromText: asIs,
	},
	"map": {
		describe: func(idl string) (generic.Generic, error) {
			provider, err := generic.NewThriftFileProvider(idl)
			if err != nil {
				return nil, err
			}
			g, err := generic.MapThriftGeneric(provider)
			if err == nil {
				err = generic.SetBinaryWithByteSlice(g, true)
			}
			return g, err
		},
		toText: mapText, fromText: mapOf,
	},
	"binary": {
		describe: func(string) (generic.Generic, error) { return generic.BinaryThriftGenericV2("Generic"), nil },
		toText:   bytesText, fromText: bytesOf, answer: resultOf,
	},
	"pb-json": {
		describe: func(idl string) (generic.Generic, error) {
			provider, err := generic.NewPbFileProviderWithDynamicGo(idl, context.Background(), proto.Options{})
			if err != nil {
				return nil, err
			}
			return generic.JSONPbGeneric(provider)
		},
		toText: jsonText, fromText: asIs,
	},
	"pb-binary": {
		describe: func(string) (generic.Generic, error) { return generic.BinaryPbGeneric("GenericPb", "genericpb"), nil },
		toText:   bytesText, fromText: bytesOf,
	},
}

func asIs(text string) (any, error) { return text, nil }

func jsonText(message any) (string, error) {
	switch m := message.(type) {
	case string:
		return m, nil
	case descriptor.Void, nil:
		return "null", nil
	default:
		return "", fmt.Errorf("a message of JSON is %T (expected: string)", message)
	}
}

func bytesText(message any) (string, error) {
	bytes, isBytes := message.([]byte)
	if !isBytes {
		return "", fmt.Errorf("a binary message is %T (expected: []byte)", message)
	}
	return base64.StdEncoding.EncodeToString(bytes), nil
}

// resultOf makes the struct of a result, whose field is 0, from that of one argument, whose field is 1.
func resultOf(method string, request any) any {
	arguments := request.([]byte)
	if method == "Note" || method == "Tell" {
		return []byte{0}
	}
	return append([]byte{arguments[0], 0, 0}, arguments[3:]...)
}

func bytesOf(text string) (any, error) { return base64.StdEncoding.DecodeString(text) }

// mapText writes what Kitex made of a message with the class of each value, so that the other end sees both.
func mapText(message any) (string, error) {
	text, err := json.Marshal(typed(message))
	return string(text), err
}

// typed gives each value of a message a form that says its class: {"int32": "5"}.
func typed(value any) any {
	switch v := value.(type) {
	case nil, descriptor.Void:
		return nil
	case map[string]any:
		object := map[string]any{}
		for name, member := range v {
			object[name] = typed(member)
		}
		return object
	case map[any]any:
		entries := map[string]any{}
		for key, entry := range v {
			entries[fmt.Sprintf("%T %v", key, key)] = typed(entry)
		}
		return map[string]any{"map": entries}
	case []any:
		list := []any{}
		for _, element := range v {
			list = append(list, typed(element))
		}
		return list
	case []byte:
		return map[string]any{"[]byte": base64.StdEncoding.EncodeToString(v)}
	default:
		return map[string]any{fmt.Sprintf("%T", v): fmt.Sprint(v)}
	}
}

// mapOf reads what mapText writes.
func mapOf(text string) (any, error) {
	var written any
	if err := json.Unmarshal([]byte(text), &written); err != nil {
		return nil, err
	}
	return untyped(written)
}

func untyped(written any) (any, error) {
	switch w := written.(type) {
	case nil:
		return nil, nil
	case []any:
		list := []any{}
		for _, each := range w {
			element, err := untyped(each)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		return list, nil
	case map[string]any:
		if len(w) == 1 {
			for class, value := range w {
				if text, isText := value.(string); isText {
					return scalar(class, text)
				}
				if entries, isMap := value.(map[string]any); isMap && class == "map" {
					return entriesOf(entries)
				}
			}
		}
		object := map[string]any{}
		for name, each := range w {
			member, err := untyped(each)
			if err != nil {
				return nil, err
			}
			object[name] = member
		}
		return object, nil
	default:
		return nil, fmt.Errorf("%v of %T (expected: what mapText writes)", written, written)
	}
}

func entriesOf(written map[string]any) (any, error) {
	entries := map[any]any{}
	for typedKey, each := range written {
		var class, text string
		if n, err := fmt.Sscanf(typedKey, "%s %s", &class, &text); n != 2 {
			return nil, fmt.Errorf("key %q: %w", typedKey, err)
		}
		key, err := scalar(class, text)
		if err != nil {
			return nil, err
		}
		entry, err := untyped(each)
		if err != nil {
			return nil, err
		}
		entries[key] = entry
	}
	return entries, nil
}

func scalar(class, text string) (any, error) {
	bits := map[string]int{"int8": 8, "int16": 16, "int32": 32, "int64": 64}[class]
	if bits != 0 {
		number, err := strconv.ParseInt(text, 10, bits)
		switch bits {
		case 8:
			return int8(number), err
		case 16:
			return int16(number), err
		case 32:
			return int32(number), err
		}
		return number, err
	}
	switch class {
	case "string":
		return text, nil
	case "bool":
		return strconv.ParseBool(text)
	case "float64":
		return strconv.ParseFloat(text, 64)
	case "[]byte":
		return base64.StdEncoding.DecodeString(text)
	default:
		return nil, fmt.Errorf("class %q of %q (expected: a class of Go that stands for a type of Thrift)", class, text)
	}
}
