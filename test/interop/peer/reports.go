package main

import (
	"sync"
	"time"
)

// reports keeps outcomes that handlers stored under a key until somebody asks for them.
type reports struct {
	lock sync.Mutex
	kept map[string]chan string
}

func newReports() *reports {
	return &reports{kept: map[string]chan string{}}
}

func (r *reports) slot(key string) chan string {
	r.lock.Lock()
	defer r.lock.Unlock()
	slot, found := r.kept[key]
	if !found {
		slot = make(chan string, 1)
		r.kept[key] = slot
	}
	return slot
}

// store keeps the first outcome of a key; later ones are dropped.
func (r *reports) store(key, outcome string) {
	select {
	case r.slot(key) <- outcome:
	default:
	}
}

// await hands out the outcome, at most once per store, or "" when none came in time.
func (r *reports) await(key string, patience time.Duration) string {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case outcome := <-r.slot(key):
		return outcome
	case <-timer.C:
		return ""
	}
}
