package api_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"xuncha/api"
)

// TestOtherHost asks under another name (BI-039): refused, and the name is not
// repeated. Under our own it is answered.
func TestOtherHost(t *testing.T) {
	t.Parallel()
	e := newEcho(t, func(s *api.Services) { s.Hosts = []string{"xuncha.example.org"} })
	ask := func(host string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.url+"/v1/offices/"+e.office+"/count", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.Header.Set("Authorization", "Bearer good")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	if status, _ := ask("xuncha.example.org"); status != 200 {
		t.Errorf("under our name: %d", status)
	}
	for _, host := range []string{"evil.example", "xuncha.example.org.evil.example", "xuncha.example.org:81"} {
		if status, answer := ask(host); status != 421 || !strings.Contains(answer, "wrong-host") || strings.Contains(answer, "evil") {
			t.Errorf("under %s: %d %s", host, status, answer)
		}
	}
}

// TestSlowBody sends half a body and waits (BI-043): an answer, then the end.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	e := newEcho(t, func(s *api.Services) { s.SetPatience(200 * time.Millisecond) })
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(e.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, err = fmt.Fprintf(c, "POST /v1/offices/%s/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"+
		"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"title\":", e.office)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	answer, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || !strings.Contains(string(answer), "/problems/timeout") {
		t.Errorf("answer = %q, %v", answer, err)
	}
	if e.calls.Load() != 0 {
		t.Error("the operation ran")
	}
}

// TestInvented sends what only a trusted proxy could know (BI-040): nobody
// becomes another by it, and nobody buys a fresh allowance with it.
func TestInvented(t *testing.T) {
	t.Parallel()
	e := newEcho(t, func(s *api.Services) { s.Rate = 1 })
	refused := false
	for n := range 20 {
		status, _, _ := e.send(t, "GET", "/v1/offices/{office}/count", "", "Authorization", "",
			"X-Forwarded-For", "192.0.2."+strconv.Itoa(n), "X-User-Id", "good", "X-Real-Ip", "192.0.2.9", "Forwarded", "for=192.0.2.7")
		if refused = status == 429; refused {
			break
		}
		if status != 401 {
			t.Fatalf("an invented name is answered %d", status)
		}
	}
	if !refused {
		t.Error("every invented address has an allowance of its own")
	}
}

// TestInventedSenders makes up another session or key for each request: what an
// address may invent ends. Whoever is known there already goes on, and so does a
// newcomer behind another address.
func TestInventedSenders(t *testing.T) {
	t.Parallel()
	for name, invent := range map[string]func(n int) []string{
		"keys":     func(n int) []string { return []string{"Authorization", fmt.Sprint("Bearer made up ", n)} },
		"sessions": func(n int) []string { return []string{"Authorization", "", "Cookie", fmt.Sprint("xuncha=made-up-", n)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(t, func(s *api.Services) { s.Rate = 1 })
			ask := func(headers ...string) int {
				status, _, _ := e.send(t, "GET", "/v1/offices/{office}/count", "", headers...)
				return status
			}
			if status := ask(); status != 200 {
				t.Fatalf("an honest key is answered %d", status)
			}
			status := 401
			for n := 0; n < 200 && status == 401; n++ {
				status = ask(invent(n)...)
			}
			if status != 429 {
				t.Errorf("200 invented senders, and the last is answered %d", status)
			}
			if status := ask(); status != 200 {
				t.Errorf("who was known before is answered %d", status)
			}
			if status := e.from(t, "127.0.0.2"); status != 200 {
				t.Errorf("an honest session behind another address is answered %d", status)
			}
		})
	}
}

// from asks from another address with an honest session.
func (e *echoServer) from(t *testing.T, address string) int {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.url+"/v1/offices/"+e.office+"/count", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "xuncha", Value: "good"})
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// TestKeyHasNoSession: a machine's key is told that a session is needed, and not
// that its session has ended. A session is answered.
func TestKeyHasNoSession(t *testing.T) {
	t.Parallel()
	e := newEcho(t, func(s *api.Services) {
		s.Me = func(context.Context, string) (api.Me, error) {
			return api.Me{Identities: []api.Identity{}, Pending: []string{}}, nil
		}
		s.Ends = func(context.Context, string) (rests, ends time.Time, err error) { return s.Clock(), s.Clock(), nil }
	})
	for _, path := range []string{"/v1/session", "/v1/me"} {
		if status, answer, _ := e.send(t, "GET", path, ""); status != 403 || !strings.Contains(answer, "/problems/session-needed") {
			t.Errorf("a key asks for %s: %d %s", path, status, answer)
		}
		if status, answer, _ := e.send(t, "GET", path, "", "Authorization", "", "Cookie", "xuncha=good"); status != 200 {
			t.Errorf("a session asks for %s: %d %s", path, status, answer)
		}
	}
}

// TestWhenAgain: where waiting is all there is to do, the answer says how long
// (BI-214).
func TestWhenAgain(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	for how, want := range map[string]string{"running": "1", "busy": "1", "away": "5", "": ""} {
		if status, answer, h := e.send(t, "GET", "/v1/offices/{office}/fail?how="+how, ""); h.Get("Retry-After") != want {
			t.Errorf("%q = %d %s, Retry-After %q, want %q", how, status, answer, h.Get("Retry-After"), want)
		}
	}
}
