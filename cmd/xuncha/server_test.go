package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestListenerLimits: too long a head is refused (BI-041), too slow a one ends
// after five seconds (BI-044), and others are answered meanwhile.
func TestListenerLimits(t *testing.T) {
	t.Parallel()
	ln, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := newListener(ln, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "fine") }), discard)
	go func() { _ = l.serve() }()
	defer l.server.Close()
	dial := func() net.Conn {
		c, err := new(net.Dialer).DialContext(t.Context(), "tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		return c
	}
	send := func(head string) string {
		c := dial()
		defer c.Close()
		_, _ = io.WriteString(c, head) // the answer may come before the whole head was taken
		answer, _ := io.ReadAll(c)
		return string(answer)
	}
	began := time.Now()
	slow := make([]net.Conn, 50)
	for i := range slow {
		slow[i] = dial()
		defer slow[i].Close()
		_, _ = fmt.Fprint(slow[i], "GET / HTTP/1.1\r\nHost: x\r\n")
	}
	if got := send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); !strings.HasSuffix(got, "fine") {
		t.Errorf("others are answered %q", got)
	}
	if got := send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 17<<10) + "\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 431 ") {
		t.Errorf("17 KiB of headers = %.60q", got)
	}
	if got := send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: " + strings.Repeat("x", 10<<10) + "\r\n\r\n"); !strings.HasSuffix(got, "fine") {
		t.Errorf("10 KiB of headers = %.60q", got)
	}
	for _, c := range slow {
		if _, err := io.ReadAll(c); err != nil {
			t.Errorf("a slow head is still waited for: %v", err)
		}
	}
	if took := time.Since(began); took < 4*time.Second || took > 15*time.Second {
		t.Errorf("slow heads ended after %v, want five seconds", took)
	}
}
