package signon

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// keyDoor asks for the portal's keys at most every 30 seconds and answers from
// memory in between: a token with an invented key id must not make us knock at
// the portal each time. go-oidc asks whenever it meets a key id it does not know.
type keyDoor struct {
	next http.RoundTripper

	mu     sync.Mutex
	asked  time.Time
	answer *http.Response // its body read into body
	body   []byte
	err    error
}

// RoundTrip answers from memory or asks.
func (d *keyDoor) RoundTrip(r *http.Request) (*http.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.asked.IsZero() || time.Since(d.asked) >= d.life() {
		d.asked = time.Now()
		d.answer, d.body, d.err = d.ask(r)
	}
	if d.err != nil {
		return nil, d.err
	}
	again := new(*d.answer)
	again.Body, again.Request = io.NopCloser(bytes.NewReader(d.body)), r
	return again, nil
}

// life is shorter after a failure, so that the portal's return is noticed.
func (d *keyDoor) life() time.Duration {
	if d.err != nil || d.answer.StatusCode != http.StatusOK {
		return time.Second
	}
	return keysLife
}

func (d *keyDoor) ask(r *http.Request) (*http.Response, []byte, error) {
	resp, err := d.next.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, nil, err
	}
	if !json.Valid(body) {
		return nil, nil, errors.New("the portal's keys are no JSON")
	}
	return resp, body, nil
}

// down reports whether the portal did not give its keys when last asked.
func (d *keyDoor) down() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.asked.IsZero() && (d.err != nil || d.answer.StatusCode != http.StatusOK)
}
