package main

import (
	"fmt"
	"hash/crc32"
)

// alphabet holds no character that means something in a command.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// pattern is the message at an index of a stream of messages of one size: the same text in every peer, another one at
// every index, and without a period, so that lost, repeated or swapped pieces show.
func pattern(index, size int) string {
	text := make([]byte, size)
	x := uint32(index)
	for i := range text {
		x = x*1664525 + 1013904223
		text[i] = alphabet[x>>26]
	}
	return string(text)
}

// digest sums up messages received: how many, how many bytes, CRC-32 over their bytes in order.
type digest struct {
	count int
	bytes int64
	crc   uint32
}

func (d *digest) add(text string) {
	d.count++
	d.bytes += int64(len(text))
	d.crc = crc32.Update(d.crc, crc32.IEEETable, []byte(text))
}

func (d *digest) String() string {
	return fmt.Sprintf("count=%d bytes=%d crc=%08x", d.count, d.bytes, d.crc)
}

// patternDigest is the digest of count pattern messages.
func patternDigest(count, size int) string {
	var d digest
	for i := 0; i < count; i++ {
		d.add(pattern(i, size))
	}
	return d.String()
}
