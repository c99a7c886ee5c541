//go:build !withoutgzip

package main

import _ "github.com/cloudwego/kitex/pkg/remote/codec/protobuf/encoding/gzip" // registers itself
