package api

import (
	"crypto/sha256"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter holds each sender to so many requests a second, so that a program that
// runs wild slows down nobody but itself (TRUST BI-052). A sender is a session or
// a machine's key; without either, an address. A made-up session buys an
// allowance of its own, which opens nothing.
//
// It remembers at most two generations of senders: whoever was not heard of for
// one generation starts anew with a full allowance.
type limiter struct {
	perSecond int

	mu         sync.Mutex
	young, old map[sender]*rate.Limiter
}

type sender [sha256.Size]byte

const (
	generation = 10_000 // senders
	burst      = 2      // seconds' worth at once: a screen asks for much when it opens
)

// newLimiter returns a limiter, or nil, which refuses nothing, for 0.
func newLimiter(perSecond int) *limiter {
	if perSecond == 0 {
		return nil
	}
	return &limiter{perSecond: perSecond, young: map[sender]*rate.Limiter{}}
}

// allow reports whether the sender of r may send it now.
func (l *limiter) allow(r *http.Request, now time.Time) bool {
	return l == nil || l.of(senderOf(r)).AllowN(now, 1)
}

func senderOf(r *http.Request) sender {
	known := requestOf(r.Context())
	switch {
	case known.token != "":
		return sha256.Sum256([]byte("token " + known.token))
	case known.session != "":
		return sha256.Sum256([]byte("session " + known.session))
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return sha256.Sum256([]byte("address " + host))
}

func (l *limiter) of(who sender) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if found, ok := l.young[who]; ok {
		return found
	}
	if len(l.young) == generation {
		l.young, l.old = map[sender]*rate.Limiter{}, l.young
	}
	found, ok := l.old[who]
	if !ok {
		found = rate.NewLimiter(rate.Limit(l.perSecond), burst*l.perSecond)
	}
	l.young[who] = found
	return found
}

// tooMany tells a sender who sent too much. A second later there is room again.
func tooMany() *Problem {
	return newProblem(http.StatusTooManyRequests, "too-many-requests", "操作过于频繁，请稍等片刻再继续，已填写的内容不会丢失。")
}
