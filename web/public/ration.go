package public

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rations hold off floods: so many of one thing in an hour from one address. No
// address is kept: a counter stands under a digest with a key that is drawn anew
// each day, which is also how long a counter lives at most.
type rations struct {
	mu       sync.Mutex
	day      int64
	key      []byte
	counters map[string]*rate.Limiter
}

// counted is how many counters are kept; past that they begin anew.
const counted = 100_000

// allow reports whether one more is allowed of what from whom: perHour at once, and as
// many again in an hour.
func (r *rations) allow(what, from string, perHour int, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if day := now.Unix() / 86400; day != r.day || r.counters == nil {
		r.day, r.key, r.counters = day, make([]byte, 32), nil
		_, _ = rand.Read(r.key) // never fails
	}
	if len(r.counters) >= counted || r.counters == nil {
		r.counters = map[string]*rate.Limiter{}
	}
	mac := hmac.New(sha256.New, r.key)
	mac.Write([]byte(what + "\x00" + from))
	name := string(mac.Sum(nil)[:16])
	counter, ok := r.counters[name]
	if !ok {
		counter = rate.NewLimiter(rate.Every(time.Hour/time.Duration(perHour)), perHour)
		r.counters[name] = counter
	}
	return counter.AllowN(now, 1)
}

// sender is the address that a request came from, as far as it tells a sender: of an
// IPv6 address the network. Behind a proxy it is what the proxy says.
func (s *Site) sender(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if said := r.Header.Values("X-Forwarded-For"); s.Proxied && len(said) > 0 {
		last := said[len(said)-1]
		host = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	at = at.Unmap().WithZone("")
	if at.Is6() {
		if network, err := at.Prefix(64); err == nil {
			return network.String()
		}
	}
	return at.String()
}
