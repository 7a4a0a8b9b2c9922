package api

import (
	"context"
	"crypto/sha256"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// limiter holds each sender to so many requests a second, so that a program that
// runs wild slows down nobody but itself (TRUST BI-052). A sender is a session or
// a machine's key; without either, an address.
//
// Anybody can make up a session for each request. So one whose authority nobody
// has found yet is charged to its address as well, which has strangers times the
// allowance: many people sit behind one address, and behind a proxy all do. A
// flood of made-up ones shuts out newcomers from there, and nobody who is known.
//
// It remembers at most two generations of senders: whoever was not heard of for
// one generation starts anew with a full allowance, as a stranger.
type limiter struct {
	perSecond int

	mu         sync.Mutex
	young, old map[name]*sender
}

// name is the digest of what a sender shows.
type name [sha256.Size]byte

// sender is what the limiter remembers of one.
type sender struct {
	allowance *rate.Limiter
	known     atomic.Bool
}

const (
	generation = 10_000 // senders
	burst      = 2      // seconds' worth at once: a screen asks for much when it opens
	strangers  = 10     // senders' worth for the strangers of one address
)

// newLimiter returns a limiter, or nil, which refuses nothing, for 0.
func newLimiter(perSecond int) *limiter {
	if perSecond == 0 {
		return nil
	}
	return &limiter{perSecond: perSecond, young: map[name]*sender{}}
}

// allow returns the sender of r, and whether it may send r now.
func (l *limiter) allow(r *http.Request, now time.Time) (from *sender, ok bool) {
	if l == nil {
		return nil, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	address, shown := named(r)
	if shown == "" {
		from = l.of("address "+address, 1)
		return from, from.allowance.AllowN(now, 1)
	}
	if from = l.find(digest(shown)); from == nil || !from.known.Load() {
		if !l.of("strangers of "+address, strangers).allowance.AllowN(now, 1) {
			return nil, false // and a flood of them is not remembered
		}
		from = l.of(shown, 1)
	}
	return from, from.allowance.AllowN(now, 1)
}

type senderKey struct{}

// meet notes that the authority of a request's sender was found.
func meet(ctx context.Context) {
	if from, _ := ctx.Value(senderKey{}).(*sender); from != nil {
		from.known.Store(true)
	}
}

// named returns a request's address, and what it shows of its sender, if anything.
func named(r *http.Request) (address, shown string) {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	switch known := requestOf(r.Context()); {
	case known.token != "":
		shown = "token " + known.token
	case known.session != "":
		shown = "session " + known.session
	}
	return address, shown
}

func digest(of string) name { return sha256.Sum256([]byte(of)) }

// find returns a sender that is remembered, or nil.
func (l *limiter) find(who name) *sender {
	if found, ok := l.young[who]; ok {
		return found
	}
	found, ok := l.old[who]
	if ok {
		l.keep(who, found)
	}
	return found
}

func (l *limiter) keep(who name, s *sender) {
	if len(l.young) == generation {
		l.young, l.old = map[name]*sender{}, l.young
	}
	l.young[who] = s
}

// of returns a sender, who may be new and then has so many times the allowance.
func (l *limiter) of(what string, times int) *sender {
	who := digest(what)
	found := l.find(who)
	if found == nil {
		each := times * l.perSecond
		found = &sender{allowance: rate.NewLimiter(rate.Limit(each), burst*each)}
		l.keep(who, found)
	}
	return found
}

// tooMany tells a sender who sent too much. A second later there is room again.
func tooMany() *Problem {
	return newProblem(http.StatusTooManyRequests, "too-many-requests", "操作过于频繁，请稍等片刻再继续，已填写的内容不会丢失。")
}
